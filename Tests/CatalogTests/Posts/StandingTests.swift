import Catalog
import Testing

/// Who looks after a workspace.
@Suite struct StandingTests {
    private func workspace(_ members: [(PersonID, Role)]) throws -> Workspace {
        var workspace = Workspace(
            id: Samples.band, slug: try #require(Slug("band")), owner: Samples.ana, created: Samples.stamp(1))
        try workspace.remove(Samples.ana.hex, from: "members", at: Samples.stamp(2))
        for (person, role) in members { try workspace.setRole(of: person, to: role, at: Samples.stamp(3)) }
        return workspace
    }

    @Test func rolesAreWhatTheyAreWhileThereIsAnOwner() throws {
        let band = try workspace([(Samples.ana, .owner), (Samples.ben, .editor)])
        #expect(band.standing(of: Samples.ana) == .owner && band.standing(of: Samples.ben) == .editor)
        #expect(band.standing(of: PostBench.cara) == nil)
        #expect(band.isLastOwner(Samples.ana) && !band.isLastOwner(Samples.ben))
        let two = try workspace([(Samples.ana, .owner), (Samples.ben, .owner)])
        #expect(!two.isLastOwner(Samples.ana) && !two.isLastOwner(Samples.ben))
    }

    @Test func whereNoOwnerIsLeftTheGreatestAreOwners() throws {
        let band = try workspace([(Samples.ben, .approver), (PostBench.cara, .viewer)])
        #expect(band.standing(of: Samples.ben) == .owner && band.standing(of: PostBench.cara) == .viewer)
        #expect(band.standing(of: Samples.ana) == nil && band.isLastOwner(Samples.ben))
    }

    @Test func whereNobodyIsLeftWhoeverBelongedIsAnOwner() throws {
        let band = try workspace([])
        #expect(band.standing(of: Samples.ana) == .owner && band.standing(of: Samples.ben) == nil)
    }
}

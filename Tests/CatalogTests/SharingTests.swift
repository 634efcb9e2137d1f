import Catalog
import Testing

/// Who sees what.
struct SharingTests {
    @Test func everyoneSeesAll() {
        #expect(Sharing.everyone.mayUse(Samples.track(owner: nil), person: Samples.ben, memberships: []))
    }

    @Test func ownersSeeTheirOwn() {
        let track = Samples.track(owner: Samples.ana)
        #expect(Sharing.workspaces.mayUse(track, person: Samples.ana, memberships: []))
        #expect(!Sharing.workspaces.mayUse(track, person: Samples.ben, memberships: [Samples.band]))
        #expect(!Sharing.workspaces.mayUse(Samples.track(owner: nil), person: Samples.ben, memberships: []))
    }

    @Test func membersSeeWhatIsSharedWhileItIs() throws {
        var track = Samples.track(owner: Samples.ana)
        try track.add(Samples.band.hex, to: "shares", at: Samples.stamp(2_000))
        #expect(Sharing.workspaces.mayUse(track, person: Samples.ben, memberships: [Samples.band]))
        #expect(!Sharing.workspaces.mayUse(track, person: Samples.ben, memberships: []))
        try track.remove(Samples.band.hex, from: "shares", at: Samples.stamp(3_000))
        #expect(!Sharing.workspaces.mayUse(track, person: Samples.ben, memberships: [Samples.band]))
    }

    @Test func rolesAreOrderedByPower() {
        #expect(Role.allCases.sorted() == [.viewer, .editor, .approver, .owner])
        #expect(Role(rawValue: "approver") == .approver)
    }
}

import Catalog
import Files
import TestSupport
import Testing

/// What `fsck` makes of every kind of damage.
@Suite struct DamageTests {
    @Test func aSoundStoreIsSound() throws {
        try DamagedPlace.with { place in
            for words in [["fsck"], ["fsck", "--deep"], ["fsck", "--percent", "50"]] as [[Word]] {
                let report = try place.studio.offbeat(words: ["--json"] + words).done().json()
                #expect(report["ok"] == true && report["problems"] == [], "\(report)")
                #expect(report["checked"]?["tracks"] == 3 && report["checked"]?["files"] == 3, "\(report)")
            }
            let deep = try place.studio.json("fsck", "--deep").done().json()["checked"]
            #expect(deep?["hashed"] == 3 && deep?["bytes"]?.asInteger ?? 0 > 24_000, "\(deep ?? .null)")
            #expect(try place.studio.json("fsck", "--percent", "50").done().json()["checked"]?["hashed"] == 2)
            try place.pack()
            try place.studio.offbeat("fsck", "--deep").done()
        }
    }

    /// Damage is named and left as it is, and reading commands come to their end on it. A repair mends it, or says what
    /// it cannot; the next check says the same, and so do git and git-lfs.
    @Test(arguments: Damage.all) func isNamedAndRepairedOrToldToBeLost(_ damage: Damage) throws {
        try DamagedPlace.with { place in
            try damage.make(place)
            let before = try fingerprint(of: place.studio.store)
            try place.studio.check(deep: damage.isDeep).expect(damage)
            #expect(try fingerprint(of: place.studio.store) == before, "a check must change nothing")
            for words in [["ls"], ["show", "Twice"]] as [[Word]] {
                let outcome = try place.studio.offbeat(words: ["--json"] + words)
                #expect([0, 3, 6].contains(outcome.status), "\(damage): \(outcome)")
                _ = try outcome.json()
            }
            try expectRepair(of: damage, in: place)
        }
    }

    private func expectRepair(of damage: Damage, in place: DamagedPlace) throws {
        let repair = try place.studio.check(deep: damage.isDeep, repair: true)
        repair.expectNamed(damage)
        let next = try place.studio.check(deep: true)
        let left = repair.problems.filter { $0["repaired"] == false }.map(\.identity)
        #expect(Set(next.problems.map(\.identity)) == Set(left), "\(damage): \(repair)\n\(next)")
        #expect((repair.outcome.status == 0) == left.isEmpty && (next.outcome.status == 0) == left.isEmpty)
        if case .mends = damage.repair {
            #expect(left.isEmpty, "\(damage): \(repair)")
            try place.studio.expectMended()
            #expect(try Set(place.studio.tracks().keys) == Set(place.tracks), "\(damage): a track is gone")
        }
        let goesOn = try place.studio.json("user", "add", "ben")
        #expect(goesOn.status == 0 || goesOn.status == 6 && !left.isEmpty, "\(damage): \(goesOn)")
    }
}

/// What a check of a store said.
struct Checkup: CustomStringConvertible {
    let outcome: Outcome
    let document: JSON

    var problems: [JSON] { document["problems"]?.asArray ?? [] }
    var description: String { "\(outcome)" }

    /// Expects the problem that this damage makes, and that it was told as damage.
    func expect(_ damage: Damage, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(outcome.status == 6, "\(damage): \(self)", sourceLocation: sourceLocation)
        #expect(document["ok"] == false, "\(damage): \(self)", sourceLocation: sourceLocation)
        expectNamed(damage, sourceLocation: sourceLocation)
    }

    /// Expects the problem that this damage makes.
    func expectNamed(_ damage: Damage, sourceLocation: SourceLocation = #_sourceLocation) {
        let isNamed = problems.contains {
            $0["kind"]?.asString == damage.kind && ($0["what"]?.asString ?? "").contains(damage.what)
        }
        #expect(
            isNamed || damage.what.isEmpty && problems.contains { $0["kind"]?.asString == damage.kind },
            "\(damage): \(self)", sourceLocation: sourceLocation)
    }
}

extension Studio {
    /// Expects that git and git-lfs find nothing wrong. The log of the branch still has the ids of lost versions.
    func expectMended(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let check = try git("fsck", "--strict", "--full", "--no-dangling", "--no-reflogs", "--no-progress")
        #expect(check.status == 0 && check.err.isEmpty, "\(check)", sourceLocation: sourceLocation)
        try expectSoundFiles(sourceLocation: sourceLocation)
    }

    /// Checks the store.
    func check(deep: Bool = false, repair: Bool = false) throws -> Checkup {
        let words: [Word] =
            ["--json", "--store", Word(store), "fsck"] + (deep ? ["--deep"] : []) + (repair ? ["--repair"] : [])
        let outcome = try offbeat(words: words)
        return Checkup(outcome: outcome, document: try outcome.json())
    }
}

extension JSON {
    /// What tells one problem from another.
    fileprivate var identity: String { "\(self["kind"]?.asString ?? "") \(self["what"]?.asString ?? "")" }
}

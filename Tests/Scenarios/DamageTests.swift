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

    /// Damage is named and left as it is, and no command hangs or crashes on it: each gives one document.
    @Test(arguments: Damage.all) func isNamedAndStandsInNobodysWay(_ damage: Damage) throws {
        try DamagedPlace.with { place in
            try damage.make(place)
            let before = try fingerprint(of: place.studio.store)
            try place.studio.check(deep: damage.isDeep).expect(damage)
            #expect(try fingerprint(of: place.studio.store) == before, "a check must change nothing")
            for words in [["ls"], ["show", "Twice"], ["log"], ["edit", "Twice", "title=Thrice"]] as [[Word]] {
                let outcome = try place.studio.offbeat(words: ["--json"] + words)
                #expect([0, 1, 3, 4, 6, 75].contains(outcome.status), "\(damage): \(outcome)")
                _ = try outcome.json()
            }
        }
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
        let isNamed = problems.contains {
            $0["kind"]?.asString == damage.kind && ($0["what"]?.asString ?? "").contains(damage.what)
        }
        #expect(
            isNamed || damage.what.isEmpty && problems.contains { $0["kind"]?.asString == damage.kind },
            "\(damage): \(self)", sourceLocation: sourceLocation)
    }
}

extension Studio {
    /// Checks the store.
    func check(deep: Bool = false, repair: Bool = false) throws -> Checkup {
        let words: [Word] =
            ["--json", "--store", Word(store), "fsck"] + (deep ? ["--deep"] : []) + (repair ? ["--repair"] : [])
        let outcome = try offbeat(words: words)
        return Checkup(outcome: outcome, document: try outcome.json())
    }
}

import Files
import TestSupport
import Testing

/// The power goes at any moment: what was acknowledged is there, and what was not is there whole or not at all.
@Suite(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), .serialized) struct PowerCutTests {
    /// The commands that are tried; all that make a version when long tests are wanted.
    private static let attacks = Attack.all.filter { attack in
        attack.needsStore && !attack.isCare && attack.name != "export"
            && (Scenarios.areLongOnesWanted || ["add file", "edit", "config set"].contains(attack.name))
    }

    @Test(arguments: LoopDisk.Kind.allCases) func everyCommandOnADiskThatLosesWhatIsNotFlushed(kind: LoopDisk.Kind)
        throws
    {
        guard kind.isPossible else { return print("no power cuts on \(kind.rawValue): it cannot be mounted here") }
        var random = SeededRandom()
        let wanted = Scenarios.areLongOnesWanted ? 40 : 5
        for attack in Self.attacks {
            let seed = "\(random)"
            let row = try PowerCut(attack: attack, kind: kind).run(wanted: wanted, using: &random)
            print(
                "Power cut, \(kind.rawValue), \(attack.name): \(row.cuts) cuts, \(row.before) before, \(row.after) after"
            )
            for loss in row.losses { Issue.record("\(loss); \(seed)") }
            #expect(
                row.after > 0 && row.cuts >= min(wanted, row.calls), "\(row.attack): \(row.cuts) of \(row.calls)")
        }
    }

    /// The disk that the tests above stand on does lose what is not flushed.
    @Test(arguments: LoopDisk.Kind.allCases) func whatIsNotFlushedIsLost(kind: LoopDisk.Kind) throws {
        guard kind.isPossible else { return }
        let careless = "printf sound >f.new && mv f.new f"
        let careful = "printf sound >f.new && sync f.new && mv f.new f && sync ."
        #expect(try contents(after: careless, on: kind) != "sound")
        #expect(try contents(after: careful, on: kind) == "sound")
        // The directory is flushed and the file is not, as by programs that think of names alone.
        #expect(try contents(after: "printf sound >f && sync .", on: kind) != "sound" || kind == .ext4)
    }

    private func contents(after command: String, on kind: LoopDisk.Kind) throws -> String? {
        try withTemporaryDirectory { root in
            try LoopDisk.with(kind, at: root) { disk in
                let done = try run(command: "sh", arguments: ["-c", command], directory: disk.path)
                #expect(done.status == 0, "\(done.stderr)")
                let copy = root.appending("copy")
                try disk.cut(to: copy)
                return try disk.afterPowerCut(copy: copy, at: root.appending("again")) { found in
                    try FileSystem.readIfExists(found.path.appending("f")).map {
                        String(decoding: $0, as: UTF8.self)
                    }
                }
            }
        }
    }
}

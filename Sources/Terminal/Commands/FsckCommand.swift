import Catalog
import Files
import Offbeat
import Store

/// `fsck`.
enum FsckCommand {
    private static let deep = Option.flag("deep", help: "Read every stored object, and hash every file.")
    private static let percent = Option.optional(
        "percent", .integer(1...100), help: "Hash only this share of the files, chosen by chance each time.")

    private static let remote = Option.flag("remote", help: "Check the remote as well, the one that a sync takes.")
    private static let repair = Option.flag("repair", help: "Mend what can be mended, and say what is lost.")

    static let command = Command(
        "fsck", in: .care, summary: "Check the library, and repair it",
        discussion: """
            Looks at the history, the records, their pointers, the files, the journal of files, and what git keeps \
            beside. Nothing is changed, and other commands may go on meanwhile. Files are looked at by their size; \
            with --deep they are read and hashed as well, with --percent a share of them.

            With --repair what can be mended is mended, and only what is seen to be mended is called so. What must \
            change in the records makes one new version. Damaged bytes are moved to lfs/bad and never deleted. Lost \
            files are looked for in remotes that are directories of this computer. Records that cannot be read stay \
            as they are; `offbeat restore` takes them back.
            With --remote the remote is looked at as well: that its branches stand at versions which are all there, \
            with all their files; with --deep its whole history and every byte. Nothing is written there without \
            --repair; with it, what is missing or damaged there and sound here is brought again.

            Each problem has a kind: object, pack, ref, record, pointer, file, journal, replica, lock or config.
            """,
        options: [deep, percent, remote, repair],
        examples: [
            .init("offbeat fsck", "see whether everything is there"),
            .init("offbeat fsck --percent 5", "hash some of the files, others each time"),
            .init("offbeat fsck --remote", "see whether the remote has everything, too"),
            .init("offbeat fsck --deep --repair", "find and mend whatever there is"),
            .init("offbeat fsck --remote --deep --repair", "the same for the store and its remote"),
        ],
        json: #"""
            {"ok":bool,"checked":{"versions","objects","packs","refs","records","tracks","pointers","files","hashed",\#
            "bytes","elsewhere","leftovers","remoteObjects","remoteFiles","remoteHashed","remoteBytes"},"problems":[{"kind","what","detail","repaired":bool}]}
            """#,
        exits: [.notFound, .refused, .damaged, .tryLater], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let place = try workplace.damagedStore()
            for concern in Library.concerns(about: place) { invocation.console.tell("warning: \(concern)") }
            var request = CheckRequest(scratch: workplace.temporaryDirectory)
            request.isDeep = invocation[deep]
            request.percent = invocation[percent]
            let report = try Library.check(
                at: place, request, repairing: invocation[repair], withRemote: invocation[remote],
                context: workplace.context, progress: workplace.reports())
            invocation.progress.end()
            return Reply(json: document(of: report), exit: report.isSound ? .done : .damaged) { page in
                describe(report, on: &page)
            }
        })

    private static func document(of report: CheckReport) -> JSON {
        let counts = numbers(of: report.counts).map { ($0.name, JSON.integer($0.number)) }
        return [
            "ok": .bool(report.isSound), "checked": .object(JSONObject(counts)),
            "problems": .array(
                report.problems.map { problem in
                    [
                        "kind": .string(problem.kind.rawValue), "what": .string(problem.what),
                        "detail": .string(problem.detail), "repaired": .bool(problem.repaired),
                    ]
                }),
        ]
    }

    private static func numbers(of counts: CheckCounts) -> [(name: String, number: Int64)] {
        [
            ("versions", Int64(counts.versions)), ("objects", Int64(counts.objects)),
            ("packs", Int64(counts.packs)),
            ("refs", Int64(counts.refs)), ("records", Int64(counts.records)), ("tracks", Int64(counts.tracks)),
            ("pointers", Int64(counts.pointers)), ("files", Int64(counts.files)), ("hashed", Int64(counts.hashed)),
            ("bytes", counts.bytes), ("elsewhere", Int64(counts.elsewhere)), ("leftovers", Int64(counts.leftovers)),
        ] + (counts.remote.map(numbers) ?? [])
    }

    /// Only where a remote was looked at.
    private static func numbers(of counts: RemoteCheckCounts) -> [(name: String, number: Int64)] {
        [
            ("remoteObjects", Int64(counts.objects)), ("remoteFiles", Int64(counts.files)),
            ("remoteHashed", Int64(counts.hashed)), ("remoteBytes", counts.bytes),
        ]
    }

    private static func describe(_ report: CheckReport, on page: inout Page) {
        for problem in report.problems {
            page.line(
                "\(problem.repaired ? "mended" : "damaged") \(problem.kind.rawValue) \(problem.what): \(problem.detail)"
            )
        }
        for (name, number) in numbers(of: report.counts) { page.detail("  \(name): \(number)") }
        let counts = report.counts
        let looked =
            "\(Quantity.count(Int64(counts.versions), "version")), \(Quantity.count(Int64(counts.tracks), "track")), \(Quantity.count(Int64(counts.files), "file"))"
        let there = counts.remote.map {
            "; at the remote \(Quantity.count(Int64($0.objects), "object")), \(Quantity.count(Int64($0.files), "file"))"
        }
        if report.problems.isEmpty { page.remark("All is well: \(looked)\(there ?? "")") }
    }
}

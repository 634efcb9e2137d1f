import Catalog
import Digest
import Files
import TestSupport
import TestTraits
import Testing

/// Whole syncs in which somebody on the way answers in place of the server.
@Suite(
    .waiting,
    .enabled(if: WebServer.isInstalled && LFSServer.isInstalled, "`.ci/prepare test` lays down the servers"))
struct FalseAnswerTests {
    /// Each is told with what to do, leaves all as it was, and is over with its cause.
    @Test(arguments: ["git", "uploads"])
    func aPushThatIsNotTaken(_ part: String) throws {
        try FarTour.overFalseWeb { tour, path in
            try tour.begin()
            let answers = part == "git" ? FalseAnswer.ofGit : FalseAnswer.ofUploads
            for (number, answer) in answers.enumerated() {
                try tour.work(number)
                let remote = try tour.headOfRemote()
                path.answer(answer.target, answer.method, with: answer.steps)
                let watch = Stopwatch()
                let outcome = try tour.json("ana", "sync")
                let told = try tour.told(outcome)
                #expect(outcome.status == answer.status && told.code == answer.code, "\(answer.name): \(outcome)")
                #expect(told.words.contains(answer.words) && told.hasHint, "\(answer.name): \(outcome)")
                #expect(watch.seconds < 10, "\(answer.name): \(watch.seconds) s, \(outcome)")
                #expect(path.met > 0, "\(answer.name) was not asked for")
                #expect(try tour.headOfRemote() == remote, "\(answer.name)")
                path.mend()
                try tour.at("ana", "sync").done()
                #expect(try tour.headOfRemote() == tour.head("ana"), "\(answer.name)")
            }
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// What passes is waited for, and nobody hears of it.
    @Test func whatPassesIsTriedAgain() throws {
        try FarTour.overFalseWeb { tour, path in
            try tour.begin()
            for (number, answer) in FalseAnswer.passing.enumerated() {
                try tour.work(number)
                path.answer(answer.target, answer.method, times: 1, with: answer.steps)
                let outcome = try tour.at("ana", "sync")
                #expect(outcome.status == 0, "\(answer.name): \(outcome)")
                #expect(path.met == 1, "\(answer.name) was not asked for")
                path.mend()
            }
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// The bytes of a file that are not the file: none of them stays.
    @Test(arguments: FalseFile.allCases)
    func aFileThatIsNotTheFile(_ kind: FalseFile) throws {
        try FarTour.overFalseWeb { tour, path in
            try tour.begin()
            try tour.work(1)
            try tour.at("ana", "sync").done()
            let sound = try FileSystem.read(tour.studio.work.appending("work 1.wav"))
            // Once, and nobody hears of it.
            path.answer(FalseAnswer.storage, "GET", times: kind.isMended ? 1 : 0, with: kind.steps(for: sound))
            if kind.isMended {
                try tour.at("ben", "sync").done()
                #expect(path.met == 1)
                try tour.expectTogether(["ana", "ben"])
                path.mend()
                try tour.work(2)
                try tour.at("ana", "sync").done()
            }
            path.answer(FalseAnswer.storage, "GET", with: kind.steps(for: sound))
            // Eight times with growing pauses: half a minute each.
            if kind.status == 75, !Scenarios.areLongOnesWanted { return }
            let outcome = try tour.json("ben", "sync")
            let document = try outcome.json()
            #expect(path.met > 0)
            #expect(outcome.status == kind.status, "\(kind): \(outcome)")
            if let word = kind.word {
                #expect(document["files"]?[word] == 1, "\(outcome)")
            } else {
                #expect(try tour.told(outcome).hasHint, "\(outcome)")
            }
            #expect(try tour.json("ben", "status").done().json()["files"]?["missing"] == 1)
            #expect(try tour.at("ben", "fsck").status == 0)
            path.mend()
            try tour.comeTogether()
            try tour.expectTogether(["ana", "ben"])
        }
    }
}

/// What comes instead of a file.
enum FalseFile: String, CaseIterable {
    case other, half, longer, page, nothing, notThere, elsewhere, forbidden

    /// Whether it is tried again, so that once is as good as never.
    var isMended: Bool { [.other, .half, .nothing, .forbidden].contains(self) }

    /// What it comes to where it is always so.
    var status: Int32 {
        switch self {
        case .notThere: 0
        case .other, .longer: 1
        case .half, .nothing: 75
        case .page, .elsewhere, .forbidden: 4
        }
    }

    /// Under which word it is counted where it is no failure of the whole.
    var word: String? {
        switch self {
        case .notThere: "absent"
        case .other, .longer: "damaged"
        default: nil
        }
    }

    func steps(for sound: [UInt8]) -> [LoopbackServer.Step] {
        switch self {
        case .other: .reply(200, body: sound.map { ~$0 })
        case .half:
            [
                .send([LoopbackServer.Step].head(200, [("Content-Length", "\(sound.count)")])),
                .send(Array(sound[..<(sound.count / 2)])), .close,
            ]
        case .longer: .reply(200, body: sound + [0])
        case .page: .page
        case .nothing: [.close]
        case .notThere: .reply(404)
        case .elsewhere: .redirect(to: "http://127.0.0.1:9/x")
        case .forbidden: .reply(403)
        }
    }
}

extension FarTour {
    func headOfRemote() throws -> String { try studio.git("rev-parse", "main", in: remote).done().line }

    /// What is said of a failure, and whether what to do is said.
    fileprivate func told(_ outcome: Outcome) throws -> (code: String, words: String, hasHint: Bool) {
        let error = try outcome.json()["error"]
        let hint = error?["hint"]?.asString ?? ""
        return (
            error?["code"]?.asString ?? "", "\(error?["message"]?.asString ?? ""); \(hint)", !hint.isEmpty
        )
    }
}

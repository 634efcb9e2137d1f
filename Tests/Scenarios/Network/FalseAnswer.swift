import TestSupport
import Testing

/// An answer that comes instead of the one that was asked for, and what a sync makes of it.
struct FalseAnswer: Sendable, CustomTestStringConvertible {
    let name: String
    /// What the targets of the requests have in them, and their method where that matters.
    let target: String
    var method: String?
    let steps: [LoopbackServer.Step]
    var status: Int32 = 75
    var code = "offline"
    /// A part of what is said.
    let words: String

    var testDescription: String { name }

    init(
        _ name: String, to target: String, by method: String? = nil, _ steps: [LoopbackServer.Step],
        _ status: Int32 = 75, _ code: String = "offline", saying words: String
    ) {
        (self.name, self.target, self.method, self.steps) = (name, target, method, steps)
        (self.status, self.code, self.words) = (status, code, words)
    }

    /// Leave us alone for an hour.
    static let anHour = [("Retry-After", "3600")]
    /// What giftless calls a file's place.
    static let storage = "/objects/storage/"

    /// Where versions are asked for or sent.
    static let ofGit = [
        FalseAnswer(
            "401", to: "info/refs", .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")]), 4, "not-allowed",
            saying: "log"),
        FalseAnswer("403", to: "info/refs", .reply(403), 4, "not-allowed", saying: "permission"),
        FalseAnswer("404", to: "info/refs", .reply(404), 4, "not-allowed", saying: "no repository"),
        FalseAnswer("429", to: "info/refs", .reply(429, anHour), saying: "60 minutes"),
        FalseAnswer("500", to: "info/refs", .reply(500), saying: "answers 500"),
        FalseAnswer("503", to: "info/refs", .reply(503, anHour), saying: "60 minutes"),
        FalseAnswer("garbage", to: "info/refs", .garbage, 4, "not-allowed", saying: "HTTP"),
        FalseAnswer("a page", to: "info/refs", .page, 4, "not-allowed", saying: "web page"),
        FalseAnswer(
            "to a login", to: "info/refs", .redirect(to: "http://127.0.0.1:9/login"), 4, "not-allowed",
            saying: "no git repository"),
        FalseAnswer("nothing", to: "info/refs", [.close], saying: "try again later"),
        FalseAnswer(
            "half a list", to: "info/refs", halfOf("application/x-git-upload-pack-advertisement"),
            saying: "try again later"),
        FalseAnswer(
            "push 401", to: "/git-receive-pack", .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")]), 4,
            "not-allowed", saying: "log"),
        FalseAnswer("push 403", to: "/git-receive-pack", .reply(403), 4, "not-allowed", saying: "permission"),
        FalseAnswer("push 413", to: "/git-receive-pack", .reply(413), 4, "not-allowed", saying: "larger"),
        FalseAnswer("push 429", to: "/git-receive-pack", .reply(429, anHour), saying: "60 minutes"),
        FalseAnswer("push 500", to: "/git-receive-pack", .reply(500), saying: "try again later"),
        FalseAnswer("push 503", to: "/git-receive-pack", .reply(503, anHour), saying: "try again later"),
        FalseAnswer("push 507", to: "/git-receive-pack", .reply(507), 1, "no-space", saying: "room"),
        FalseAnswer("push a page", to: "/git-receive-pack", .page, 4, "not-allowed", saying: "web page"),
        FalseAnswer("push garbage", to: "/git-receive-pack", .garbage, 4, "not-allowed", saying: "HTTP"),
        FalseAnswer("push nothing", to: "/git-receive-pack", [.close], saying: "try again later"),
        FalseAnswer(
            "push half an answer", to: "/git-receive-pack", halfOf("application/x-git-receive-pack-result"),
            saying: "try again later"),
        FalseAnswer(
            "push elsewhere", to: "/git-receive-pack", .redirect(to: "http://127.0.0.1:9/x", status: 307), 4,
            "not-allowed", saying: "address"),
    ]

    /// Where files are asked about or sent.
    static let ofUploads = [
        FalseAnswer(
            "batch 401", to: "objects/batch", .reply(401, [("LFS-Authenticate", "Basic realm=\"x\"")]), 4,
            "not-allowed", saying: "log"),
        FalseAnswer("batch 403", to: "objects/batch", .reply(403), 4, "not-allowed", saying: "permission"),
        FalseAnswer("batch 404", to: "objects/batch", .reply(404), 4, "not-allowed", saying: "git-lfs"),
        FalseAnswer("batch 413", to: "objects/batch", .reply(413), 4, "not-allowed", saying: "ask whoever"),
        FalseAnswer("batch 429", to: "objects/batch", .reply(429, anHour), saying: "60 minutes"),
        FalseAnswer("batch 503", to: "objects/batch", .reply(503, anHour), saying: "60 minutes"),
        FalseAnswer("batch 507", to: "objects/batch", .reply(507), 1, "no-space", saying: "room"),
        FalseAnswer("batch 509", to: "objects/batch", .reply(509), 1, "no-space", saying: "traffic"),
        FalseAnswer("batch a page", to: "objects/batch", .page, 4, "not-allowed", saying: "web page"),
        FalseAnswer("batch garbage", to: "objects/batch", .garbage, 4, "not-allowed", saying: "HTTP"),
        FalseAnswer("batch no JSON", to: "objects/batch", .json("[1, 2"), 4, "not-allowed", saying: "git-lfs"),
        FalseAnswer("put 401", to: storage, by: "PUT", .reply(401), 4, "not-allowed", saying: "log in"),
        FalseAnswer("put 403", to: storage, by: "PUT", .reply(403), 4, "not-allowed", saying: "permission"),
        FalseAnswer(
            "put 413", to: storage, by: "PUT", .reply(413), 4, "not-allowed", saying: "no file of that size"),
        FalseAnswer("put 429", to: storage, by: "PUT", .reply(429, anHour), saying: "60 minutes"),
        FalseAnswer("put 503", to: storage, by: "PUT", .reply(503, anHour), saying: "60 minutes"),
        FalseAnswer("put 507", to: storage, by: "PUT", .reply(507), 1, "no-space", saying: "room"),
        FalseAnswer(
            "put a page", to: storage, by: "PUT", .page, 4, "not-allowed", saying: "does not have the file"),
        FalseAnswer(
            "put elsewhere", to: storage, by: "PUT", .redirect(to: "http://127.0.0.1:9/x"), 4, "not-allowed",
            saying: "127.0.0.1"),
    ]

    /// What may pass, said once and answered again at once or soon.
    static let passing = [
        FalseAnswer("once 429", to: "info/refs", .reply(429, [("Retry-After", "1")]), saying: ""),
        FalseAnswer("once 503", to: "info/refs", .reply(503), saying: ""),
        FalseAnswer("a push once 429", to: "/git-receive-pack", .reply(429), saying: ""),
        FalseAnswer("a batch once 429", to: "objects/batch", .reply(429, [("Retry-After", "1")]), saying: ""),
        FalseAnswer("a batch once 500", to: "objects/batch", .reply(500), saying: ""),
        FalseAnswer("a batch once cut", to: "objects/batch", [.close], saying: ""),
        FalseAnswer("a put once 500", to: storage, by: "PUT", .reply(500), saying: ""),
        FalseAnswer("a put once 503", to: storage, by: "PUT", .reply(503, [("Retry-After", "1")]), saying: ""),
        FalseAnswer("a put once cut", to: storage, by: "PUT", [.reset], saying: ""),
        FalseAnswer("a question about locks once 500", to: "locks/verify", .reply(500), saying: ""),
        FalseAnswer("a verify once 500", to: "storage/verify", .reply(500), saying: ""),
    ]

    private static func halfOf(_ type: String) -> [LoopbackServer.Step] {
        [
            .send(LoopbackServer.Step.head(type, length: 5_000) + Array("001f# service=git-uplo".utf8)), .close,
        ]
    }
}

extension LoopbackServer.Step {
    fileprivate static func head(_ type: String, length: Int) -> [UInt8] {
        [LoopbackServer.Step].head(200, [("Content-Type", type), ("Content-Length", "\(length)")])
    }
}

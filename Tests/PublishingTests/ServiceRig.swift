import Catalog
import Digest
import Files
import HTTP
import TestSupport
import Testing

@testable import Publishing

/// What the tests of services share: a post, secrets that must not come out, and pauses that take no time.
enum ServiceRig {
    static let token = "hunter2-token"
    static let profileKey = "hunter2-profile"

    static func publication(
        _ platforms: [String] = ["twitter", "facebook"], text: String = "Out now", title: String? = nil,
        number: Int = 0
    ) throws -> Publication {
        let post = try #require(PostID("0123456789abcdef0123456789abcdef"))
        let key = PublicationKey(of: post, content: ContentHash(of: Array("\(number)".utf8)), for: "http")
        var publication = Publication(of: post, key: key, at: Timestamp(milliseconds: 0))
        publication.platforms = platforms
        publication.text = text
        publication.title = title
        return publication
    }

    static func target(
        _ url: String, media: String? = nil, token: String? = Self.token, attempts: Int = 3,
        activity: Duration = .seconds(10), polling: Duration = .milliseconds(400)
    ) -> ServiceTarget {
        var patient = HTTPClient.Settings()
        patient.proxy = .none
        patient.activityTimeout = activity
        let pace = ServicePace(
            attempts: attempts, pause: .milliseconds(1), poll: .milliseconds(1), longest: .milliseconds(20),
            polling: polling)
        let settings = ServiceSettings(url: url, profileKey: profileKey, mediaURLBase: media)
        return ServiceTarget(settings, token: token, by: HTTPClient(patient), pace: pace)
    }

    /// Hands a post over, and looks that no secret is in what is told about it.
    static func handOff(
        to server: LoopbackServer, _ publication: Publication? = nil, attempts: Int = 3,
        activity: Duration = .seconds(10),
        polling: Duration = .milliseconds(400), until deadline: Deadline = Deadline(in: .seconds(60)),
        isStopped: () -> Bool = { false }
    ) throws -> HandOff {
        let target = target(server.url + "/api", attempts: attempts, activity: activity, polling: polling)
        let outcome = target.handOff(try publication ?? Self.publication(), until: deadline, isStopped: isStopped)
        let text = String(reflecting: outcome)
        #expect(!text.contains("hunter2"), "\(text)")
        #expect(outcome.words.allSatisfy { !$0.isNewline }, "\(text)")
        return outcome
    }

    /// Answers one after the other; the last stays.
    static func server(_ answers: [LoopbackServer.Step]...) throws -> LoopbackServer {
        let answers = answers
        let counter = Counter()
        return try LoopbackServer { _ in answers[min(counter.next(), answers.count - 1)] }
    }

    static let success = """
        {"status":"success","errors":[],"id":"RhrbDtYh7hdSMc67zC8H","postIds":[
        {"status":"success","id":"12","platform":"twitter","postUrl":"https://twitter.com/a/12"},
        {"status":"success","id":635,"platform":"facebook","postUrl":"https://www.facebook.com/34"}]}
        """
    static let bothLinks = ["twitter": "https://twitter.com/a/12", "facebook": "https://www.facebook.com/34"]
}

extension HandOff {
    /// What is said about it.
    var words: String {
        switch self {
        case .sent(_, let failures): failures.values.joined()
        case .refused(let words), .unreached(let words), .unknown(let words): words
        }
    }

    var isSent: Bool { if case .sent = self { true } else { false } }
    var isRefused: Bool { if case .refused = self { true } else { false } }
    var isUnreached: Bool { if case .unreached = self { true } else { false } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

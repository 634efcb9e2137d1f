import Catalog
import Digest
import TestSupport
import Testing

@testable import Publishing

/// What a service is sent, and what keeps anything from being sent.
@Suite struct ServiceRequestTests {
    private func medium(_ text: String, _ fileExtension: String) -> Medium {
        Medium(oid: ContentHash(of: Array(text.utf8)), size: 1, fileExtension: fileExtension, file: nil)
    }

    @Test func aPostGoesWithItsKeyAndTheAddressesOfItsFiles() throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        var publication = try ServiceRig.publication(text: "Out \"now\" – everywhere", title: "The song")
        publication.track = PublishedTrack(audio: medium("audio", "mp3"))
        publication.image = medium("image", "jpg")
        let target = ServiceRig.target(server.url + "/api/", media: "https://files.example/a/")
        #expect(target.obstacle(to: publication) == nil)
        let outcome = target.handOff(publication, until: Deadline(in: .seconds(60))) { false }
        #expect(outcome == .sent(links: ServiceRig.bothLinks))
        let seen = try #require(server.requests.first)
        #expect(server.requests.count == 1 && seen.method == "POST" && seen.target == "/api/post")
        #expect(seen.header("Authorization") == "Bearer \(ServiceRig.token)")
        #expect(seen.header("Profile-Key") == ServiceRig.profileKey)
        #expect(seen.header("Idempotency-Key") == publication.key.description)
        #expect(seen.header("Content-Type") == "application/json")
        let audio = "https://files.example/a/\(ContentHash(of: Array("audio".utf8)).hex).mp3"
        let image = "https://files.example/a/\(ContentHash(of: Array("image".utf8)).hex).jpg"
        let expected: JSON = [
            "idempotencyKey": .string(publication.key.description), "platforms": ["twitter", "facebook"],
            "post": "The song\n\nOut \"now\" – everywhere", "mediaUrls": [.string(audio), .string(image)],
        ]
        #expect(try JSON.parse(seen.body) == expected)
    }

    @Test(
        arguments: [("", "Text", "Text"), ("Title", "", "Title"), (nil, "Text", "Text")]
            as [(String?, String, String)])
    func aTitleOrATextAloneIsTheWhole(title: String?, text: String, whole: String) throws {
        let server = try ServiceRig.server(.json(ServiceRig.success))
        _ = try ServiceRig.handOff(to: server, ServiceRig.publication(text: text, title: title))
        let body = try JSON.parse(try #require(server.requests.first).body)
        #expect(body["post"] == .string(whole) && body["mediaUrls"] == nil)
    }

    private func obstacle(
        _ url: String = "https://api.example/v1", media: String? = nil, token: String? = ServiceRig.token,
        change: (inout Publication) -> Void = { _ in }
    ) throws -> String? {
        var publication = try ServiceRig.publication()
        change(&publication)
        let target = ServiceRig.target(url, media: media, token: token)
        let obstacle = target.obstacle(to: publication)
        if let obstacle {
            #expect(target.handOff(publication, until: Deadline(in: .seconds(9))) { false } == .unreached(obstacle))
            #expect(!obstacle.contains("hunter2"))
        }
        return obstacle
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(try obstacle() == nil)
        #expect(try obstacle(token: nil)?.contains("no token for api.example") == true)
        #expect(try obstacle(token: "")?.contains("no token for api.example") == true)
        #expect(try obstacle(token: "hunter2\nX: y")?.contains("line break") == true)
        #expect(try obstacle { $0.platforms = [] }?.contains("no platform") == true)
        let audio = PublishedTrack(audio: medium("a", "mp3"))
        #expect(try obstacle { $0.track = audio }?.contains("has audio") == true)
        #expect(try obstacle { $0.image = medium("a", "jpg") }?.contains("has an image") == true)
        #expect(try obstacle(media: "https://files.example") { $0.track = audio } == nil)
        #expect(try obstacle(media: "files.example") { $0.track = audio }?.contains("posts' files") == true)
        let strange = medium("a", "m p3")
        #expect(try obstacle(media: "https://files.example") { $0.image = strange }?.contains("no address") == true)
    }

    @Test func theTokenGoesByTLSOrToThisComputerOnly() throws {
        #expect(try obstacle("http://api.example/v1")?.contains("https://") == true)
        #expect(try obstacle("http://127.0.0.1.example/v1")?.contains("https://") == true)
        #expect(try obstacle("http://localhost:8080/v1") == nil)
        #expect(try obstacle("http://127.0.0.1:8080/v1") == nil)
        #expect(try obstacle("https://user:hunter2@api.example/") != nil)
        #expect(try obstacle("api.example") != nil)
    }

    @Test func theServiceOfTheNameIsAskedByDefault() throws {
        let target = ServiceTarget(ServiceSettings(), token: "a")
        #expect(target.settings.url == "https://api.ayrshare.com/api")
        #expect(target.obstacle(to: try ServiceRig.publication()) == nil)
    }
}

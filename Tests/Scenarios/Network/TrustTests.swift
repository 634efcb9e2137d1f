import Catalog
import Files
import Glibc
import TestSupport
import TestTraits
import Testing

/// Whole syncs with servers of TLS that are to be trusted or not, through a proxy, and with keys that are locked.
@Suite(
    .waiting,
    .enabled(if: WebServer.isInstalled && LFSServer.isInstalled, "`.ci/prepare test` lays down the servers"))
struct NetworkTrustTests {
    /// A certificate that something is wrong with, and what is said of it.
    enum Fault: String, CaseIterable { case expired, notYet, otherName, selfSigned, unknownIssuer }

    @Test(arguments: Fault.allCases)
    func aServerThatIsNotTrusted(_ fault: Fault) throws {
        try withCertificates { certificates in
            let (certificate, isKnown, words) = try make(fault, by: certificates)
            var settings = WebServer.Settings()
            settings.certificate = certificate
            try FarTour.overWeb(.giftless, settings) { tour, _ in
                if isKnown { try tour.trust(certificates.authority) }
                try tour.studio.offbeat("init", "ana", "--user", "ana").done()
                let refused = try tour.json("ana", "remote", "add", "origin", Word(tour.url))
                try refused.expectFailure(4, "not-allowed")
                #expect(refused.text.contains(words), "\(refused)")
                #expect(try tour.json("ana", "remote", "ls").done().json()["remotes"]?.asArray == [])
            }
        }
    }

    private func make(
        _ fault: Fault, by certificates: Certificates
    ) throws -> ((file: FilePath, key: FilePath), isKnown: Bool, words: String) {
        switch fault {
        case .expired:
            (
                try certificates.make("old", from: "20200101000000Z", until: "20210101000000Z"), true,
                "whoever runs the server has to renew it"
            )
        case .notYet:
            (try certificates.make("new", from: "20480101000000Z", until: "20490101000000Z"), true, "clock")
        case .otherName: (try certificates.make("other", names: "DNS:other.example"), true, "another name")
        case .selfSigned: (try certificates.makeSelfSigned("alone"), false, "http.sslCAInfo")
        case .unknownIssuer: (try certificates.make("right"), false, "http.sslCAInfo")
        }
    }

    /// What the hint says to do makes it work, also with a server that speaks nothing older than TLS 1.3.
    @Test(arguments: ["TLSv1.3", "TLSv1.2"])
    func aServerIsTrustedByTheCertificateThatIsNamed(_ version: String) throws {
        try withCertificates { certificates in
            var settings = WebServer.Settings()
            settings.certificate = try certificates.make("right")
            settings.tls = version
            try FarTour.overWeb(.giftless, settings) { tour, _ in
                try tour.trust(certificates.authority)
                try tour.begin()
                try tour.work(1)
                try tour.comeTogether()
                try tour.expectTogether(["ana", "ben"])
                // From one day to the next it is another server.
                try tour.trust("/dev/null")
                try tour.work(2)
                try tour.expectFailure(of: "ana", 4, "not-allowed")
                try tour.trust(certificates.authority)
                try tour.comeTogether()
            }
        }
    }

    /// All goes through the proxy that git's configuration names; where that is gone, it is named.
    @Test func aProxyLiesBetween() throws {
        try withCertificates { certificates in
            var settings = WebServer.Settings()
            settings.certificate = try certificates.make("right", names: "DNS:band.invalid")
            try FarTour.overWeb(.giftless, settings) { tour, server in
                let port = server.port
                let proxy = try LoopbackServer { request in
                    guard request.method == "CONNECT" else { return .reply(405) }
                    // It knows the server by a name that nobody else does.
                    guard request.target.hasPrefix("band.invalid:") else { return .reply(502) }
                    return [.send(Array("HTTP/1.1 200 Yes\r\n\r\n".utf8)), .tunnel(port: port)]
                }
                defer { proxy.stop() }
                try tour.trust(certificates.authority)
                try tour.git("config", "--global", "http.proxy", Word(proxy.url)).done()
                let behind = FarTour(
                    studio: tour.studio, url: tour.url.replacing("//localhost:", with: "//band.invalid:"),
                    remote: tour.remote, surroundings: [:])
                try behind.begin()
                try behind.work(1)
                try behind.comeTogether()
                try behind.expectTogether(["ana", "ben"])
                #expect(proxy.requests.count > 4 && proxy.requests.allSatisfy { $0.method == "CONNECT" })
                proxy.stop()
                try behind.work(2)
                try behind.expectFailure(of: "ana", 75, "offline", saying: "try again later")
            }
        }
    }

    private func withCertificates(_ body: (Certificates) throws -> Void) throws {
        try withTemporaryDirectory { folder in try body(Certificates(in: folder)) }
    }

    // MARK: Keys

    /// Nobody is asked for a passphrase where nobody sits; an agent that has the key makes it work.
    @Test(.enabled(if: SSHServer.isAvailable && isInstalled("ssh-agent"), "needs OpenSSH"))
    func aLockedKeyNeedsAnAgent() throws {
        try FarTour.overSSH { tour, server in
            try tour.begin()
            let place = server.folder.parent
            let key = place.appending("locked")
            try SSHServer.makeKey(at: key, type: "ed25519", passphrase: "s3cret")
            try FileSystem.write(
                FileSystem.read(FilePath("\(key).pub")), to: server.folder.appending("authorized"), mode: 0o600)
            let known = place.appending("known")
            let locked = ["GIT_SSH_COMMAND": SSHServer.command(key: key, known: known)]
            let refused = try tour.json("ana", "sync", adding: locked)
            try refused.expectFailure(4, "not-allowed")
            #expect(refused.text.contains("ssh-add"))
            let socket = place.appending("agent")
            let agent = try ServerProcess(
                ["ssh-agent", "-D", "-a", socket.string], log: place.appending("agent.log"))
            defer { agent.stop() }
            try agent.wait { FileSystem.exists(socket) }
            // What asks for a passphrase where there is no terminal.
            let asking = place.appending("asking")
            try FileSystem.write("#!/bin/sh\necho s3cret\n", to: asking, mode: 0o755)
            let adding = [
                "SSH_AUTH_SOCK": socket.string, "SSH_ASKPASS": asking.string, "SSH_ASKPASS_REQUIRE": "force",
                "DISPLAY": ":0",
            ]
            try tour.studio.run(["ssh-add", Word(key)], adding: adding).done()
            let lent = SSHServer.command(
                key: key, known: known, options: ["IdentityAgent=\(socket)"])
            try tour.at("ana", "edit", "song 1", "title=Lent").done()
            try tour.at("ana", "sync", adding: ["GIT_SSH_COMMAND": lent]).done()
            try tour.at("ben", "sync", adding: ["GIT_SSH_COMMAND": lent]).done()
            try tour.expectTogether(["ana", "ben"])
        }
    }
}

extension FarTour {
    /// Makes a certificate one that git, and whoever reads its configuration, trusts.
    func trust(_ certificate: FilePath) throws {
        try git("config", "--global", "http.sslCAInfo", Word(certificate)).done()
    }
}

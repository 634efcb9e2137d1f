import Dispatch
import Files
import Glibc
import TestSupport
import Testing

@testable import HTTP

/// Connections that are checked, against a server that another program plays.
@Suite struct HTTPTLSTests {
    /// Serves by each certificate that is named, and writes down on which port: `name,options`.
    private static let program = """
        import http.server, os, ssl, sys, threading
        folder = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"hello\\n")
            def log_message(self, *words): pass
        ports = []
        for name in sys.argv[2:]:
            certificate, _, option = name.partition(",")
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            server.handle_error = lambda *words: None
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(f"{folder}/{certificate}.pem", f"{folder}/{certificate}.key")
            if option == "1.3": context.minimum_version = ssl.TLSVersion.TLSv1_3
            if option == "1.1":
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
                context.set_ciphers("ALL:@SECLEVEL=0")
            if option == "mutual":
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(f"{folder}/authority.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            ports.append(f"{name} {server.server_port}")
        open(folder + "/ports.new", "w").write("\\n".join(ports))
        os.rename(folder + "/ports.new", folder + "/ports")
        import time
        while not os.path.exists(folder + "/stop"): time.sleep(0.02)
        """

    /// Calls `body` with the ports of servers with these certificates.
    private func withServers(
        _ names: [String], make: (Certificates) throws -> Void, _ body: ([String: Int], Certificates) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let certificates = try Certificates(in: folder)
            try make(certificates)
            let isOver = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                _ = try? run(
                    command: "python3", arguments: ["-c", Self.program, folder.string] + names, timeout: 60)
                isOver.signal()
            }
            defer {
                try? FileSystem.write("", to: folder.appending("stop"))
                isOver.wait()
            }
            let watch = Stopwatch()
            while !FileSystem.exists(folder.appending("ports")) {
                try #require(watch.seconds < 30, "the server does not start")
                SystemClock.sleep(seconds: 0.01)
            }
            var ports: [String: Int] = [:]
            let text = String(decoding: try FileSystem.read(folder.appending("ports")), as: UTF8.self)
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                ports[String(words[0])] = Int(words[1])
            }
            try body(ports, certificates)
        }
    }

    /// What a request to `name` ends with, asked of the host `host`.
    private func fault(
        _ port: Int?, at host: String = "127.0.0.1", _ change: (inout HTTPClient.Settings) -> Void
    ) throws -> HTTPError? {
        let url = try HTTPURL("https://\(host):\(port ?? 0)/")
        var settings = HTTPClient.Settings()
        settings.proxy = .none
        change(&settings)
        let client = HTTPClient(settings)
        let error = failure { try client.text(HTTPRequest(.post, url, body: .bytes([1]))) }
        if let error { #expect(error.code == .tls && !error.mayHaveArrived) }
        return error
    }

    @Test func onlyACertificateThatIsTrustedIs() throws {
        let names = ["good", "old", "young", "other", "self", "good,1.3", "good,1.1"]
        try withServers(names) { certificates in
            _ = try certificates.make("good")
            _ = try certificates.make("old", from: "20200101000000Z", until: "20210101000000Z")
            _ = try certificates.make("young", from: "20960101000000Z", until: "20970101000000Z")
            _ = try certificates.make("other", names: "DNS:elsewhere")
            try certificates.makeSelfSigned("self")
        } _: { ports, certificates in
            let trusting = client(certificates: certificates.authority.string)
            for name in ["good", "good,1.3"] {
                let url = try HTTPURL("https://127.0.0.1:\(ports[name] ?? 0)/")
                for _ in 0..<3 { #expect(try trusting.text(HTTPRequest(.get, url)) == "hello\n") }
            }
            let faults: [(String, HTTPError.TrustFault)] = [
                ("old", .expired), ("young", .notYetValid), ("other", .otherName), ("self", .selfSigned),
                ("good,1.1", .noAgreement),
            ]
            for (name, fault) in faults {
                let error = try self.fault(ports[name]) { $0.certificateFile = certificates.authority.string }
                #expect(error?.fault == fault, "\(name): \(error?.description ?? "")")
            }
            #expect(try fault(ports["good"]) { _ in }?.fault == .unknownIssuer)
            #expect(try fault(ports["good"]) { $0.certificateFile = "/nothing" }?.fault == .trustedFile)
            // Whoever does not check servers is served by all of them.
            #expect(try fault(ports["other"]) { $0.checksServers = false } == nil)
        }
    }

    @Test func aCertificateOfOnesOwnIsShown() throws {
        try withServers(["good,mutual"]) { certificates in
            _ = try certificates.make("good")
            _ = try certificates.make("person")
        } _: { ports, certificates in
            let folder = certificates.folder
            func answer(_ certificate: String, _ key: String) throws -> HTTPError? {
                try fault(ports["good,mutual"]) {
                    $0.certificateFile = certificates.authority.string
                    $0.identity = .init(
                        certificate: folder.appending(certificate).string, key: folder.appending(key).string)
                }
            }
            #expect(try answer("person.pem", "person.key") == nil)
            // By TLS 1.3, that one is wanted is said only after the connection was made, and lost where the server is
            // quick to end it.
            let url = try HTTPURL("https://127.0.0.1:\(ports["good,mutual"] ?? 0)/")
            let stranger = client(certificates: certificates.authority.string)
            for _ in 0..<5 {
                let error = failure { try stranger.text(HTTPRequest(.post, url, body: .bytes([1]))) }
                #expect(error?.fault == .ownCertificate || error?.code == .cutOff)
            }
            #expect(try answer("person.pem", "nothing.key")?.fault == .ownCertificate)
            // A key with a password is not asked for at the terminal.
            let locked = try run(
                command: "openssl",
                arguments: [
                    "pkcs8", "-topk8", "-in", folder.appending("person.key").string, "-passout", "pass:x", "-out",
                    folder.appending("locked.key").string,
                ])
            #expect(locked.status == 0)
            #expect(try answer("person.pem", "locked.key")?.fault == .ownCertificate)
        }
    }

    @Test func certificatesMayBeInAFolder() throws {
        try withServers(["good"]) {
            _ = try $0.make("good")
        } _: { ports, certificates in
            let folder = certificates.folder.appending("trusted")
            try FileSystem.makeDirectory(folder)
            try FileSystem.write(
                try FileSystem.read(certificates.authority), to: folder.appending("authority.pem"))
            _ = try run(command: "openssl", arguments: ["rehash", folder.string])
            #expect(try fault(ports["good"]) { $0.certificateFolder = folder.string } == nil)
        }
    }

    @Test func aProxyTunnelsToTheServer() throws {
        try withServers(["good"]) {
            _ = try $0.make("good")
        } _: { ports, certificates in
            let port = UInt16(ports["good"] ?? 0)
            let proxy = try LoopbackServer { request in
                request.header("Proxy-Authorization") == "Basic dTpwIHc="
                    ? [.send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), .tunnel(port: port)]
                    : .reply(407, [("Proxy-Authenticate", "Basic")], "who?")
            }
            let url = try HTTPURL("https://127.0.0.1:\(port)/")
            let trusted = certificates.authority.string
            let known = client(certificates: trusted, proxy: .url("http://u:p%20w@127.0.0.1:\(proxy.port)"))
            for _ in 0..<3 { #expect(try known.text(HTTPRequest(.get, url)) == "hello\n") }
            #expect(proxy.requests.map(\.target) == ["127.0.0.1:\(port)"] && proxy.connections == 1)
            let unknown = client(certificates: trusted, proxy: .url(proxy.url))
            let error = failure { try unknown.text(HTTPRequest(.get, url)) }
            #expect(error?.code == .proxyDenied)
        }
    }
}

import Dispatch
import Files
import HTTP
import TestSupport
import Testing

/// Connections that are checked, against a server that another program plays.
@Suite struct HTTPTLSTests {
    private static let program = """
        import http.server, os, ssl, sys
        folder = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 5
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"hello\\n")
            def log_message(self, *words): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.handle_error = lambda *words: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.timeout = 0.02
        open(folder + "/port.new", "w").write(str(server.server_port))
        os.rename(folder + "/port.new", folder + "/port")
        while not os.path.exists(folder + "/stop"): server.handle_request()
        """

    /// Calls `body` with the port of a server that has a certificate for 127.0.0.1 which nobody signed, and that
    /// certificate's file.
    private func withServer(_ body: (Int, String) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let certificate = folder.appending("certificate.pem")
            let made = try run(
                command: "openssl",
                arguments: [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                    "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    folder.appending("key.pem").string, "-out", certificate.string,
                ])
            #expect(made.status == 0, "\(made.stderr)")
            let isOver = DispatchSemaphore(value: 0)
            DispatchQueue.global().async {
                _ = try? run(command: "python3", arguments: ["-c", Self.program, folder.string], timeout: 60)
                isOver.signal()
            }
            defer {
                try? FileSystem.write("", to: folder.appending("stop"))
                isOver.wait()
            }
            let watch = Stopwatch()
            while true {
                if let bytes = try? FileSystem.read(folder.appending("port")),
                    let port = Int(String(decoding: bytes, as: UTF8.self))
                {
                    return try body(port, certificate.string)
                }
                try #require(watch.seconds < 30, "the server does not start")
                SystemClock.sleep(seconds: 0.01)
            }
        }
    }

    @Test func onlyACertificateThatIsTrustedIs() throws {
        try withServer { port, certificate in
            let url = try HTTPURL("https://127.0.0.1:\(port)/")
            let trusting = client(certificates: certificate)
            for _ in 0..<3 { #expect(try trusting.text(HTTPRequest(.get, url)) == "hello\n") }

            let stranger = failure { try client().text(HTTPRequest(.post, url, body: .bytes([1]))) }
            #expect(stranger?.code == .tls && stranger?.mayHaveArrived == false)
            #expect(stranger?.description.contains("self-signed certificate") == true)

            let otherName = try HTTPURL("https://localhost:\(port)/")
            let misnamed = failure { try client(certificates: certificate).text(HTTPRequest(.get, otherName)) }
            #expect(misnamed?.code == .tls && misnamed?.mayHaveArrived == false)

            let missing = failure { try client(certificates: "/nothing/here.pem").text(HTTPRequest(.get, url)) }
            #expect(missing?.code == .tls && missing?.mayHaveArrived == false)
        }
    }
}

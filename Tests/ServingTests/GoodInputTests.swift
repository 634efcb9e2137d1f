import Serving
import TestSupport
import Testing

/// What proper clients send is understood.
@Suite struct GoodInputTests {
    private let sample: Sample

    init() throws { sample = try Sample() }

    private func asked(_ text: String) throws -> String? { try RawClient(sample.port).ask(text)?.text }

    @Test func whatIsAskedFor() throws {
        let target = "/a%2Fb/c%20d/%C3%A9+?x=1&y=a+b%26&x=%2F&z&&=q"
        let answer = try asked(
            "GET \(target) HTTP/1.1\r\nHost: here:80\r\nX-Test: one\r\nx-test:\t two \r\nCookie: a=1; b=x=y\r\n"
                + "Cookie: c=\"3\"; d\r\n\r\n")
        #expect(
            answer
                == "GET [a/b|c d|é+] ?x=1;y=a b&;x=/;z=;=q @here:80 (a=1;b=x=y;c=\"3\") from 127.0.0.1 x=one;two")
    }

    @Test func headsAtTheEdgeOfWhatIsAllowed() throws {
        #expect(try asked("GET / HTTP/1.0\r\n\r\n")?.hasPrefix("GET [] ? @ ") == true, "1.0 has no Host")
        #expect(try asked("GET http://HERE/a HTTP/1.1\r\nHost: HERE\r\n\r\n")?.hasPrefix("GET [a] ? @HERE") == true)
        #expect(
            try asked("GET http://here?a HTTP/1.1\r\nHost: here\r\n\r\n")?.hasPrefix("GET [] ?a= @here") == true)
        #expect(try asked("FR~B /x HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")?.hasPrefix("FR~B [x] ? @[::1]:80") == true)
        #expect(try asked("GET / HTTP/1.1\r\nHost:here\r\nX-Test:\r\n\r\n")?.hasSuffix("x=") == true)
        #expect(try asked("\r\nGET / HTTP/1.1\r\nHost: here\r\n\r\n") != nil, "an empty line before the first")
        let long = "/" + String(repeating: "a", count: 8000)
        #expect(try asked("GET \(long) HTTP/1.1\r\nHost: here\r\n\r\n")?.contains(long.dropFirst()) == true)
        let lines = String(repeating: "X-Test: y\r\n", count: 90)
        #expect(try asked("GET / HTTP/1.1\r\nHost: here\r\n\(lines)\r\n")?.hasSuffix("y;y;y") == true)
    }

    @Test func severalRequestsOnOneConnection() throws {
        let client = try RawClient(sample.port)
        for number in 1...5 {
            let answer = client.ask("GET /\(number) HTTP/1.1\r\nHost: here\r\n\r\n")
            #expect(answer?.text.hasPrefix("GET [\(number)]") == true)
        }
        let put = client.ask("PUT /count HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\n\u{1}\u{2}\u{3}")
        #expect(put?.text == "3 6")
        let refused = client.ask("PUT /refuse HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc")
        #expect(refused?.status == 403)
        #expect(refused?.text.contains(#"No body is \"wanted\" here."#) == true)
        let some = client.ask(
            "PUT /some HTTP/1.1\r\nHost: here\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "a", count: 5000)
        )
        #expect(some?.text == "enough")
        let last = client.ask("GET /x HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        #expect(last?.status == 200 && last?["connection"] == "close")
        #expect(client.isAtEnd)
    }

    @Test func requestsThatDoNotWaitForAnswers() throws {
        let client = try RawClient(sample.port)
        var text = ""
        for number in 1...50 {
            text += "GET /\(number) HTTP/1.1\r\nHost: here\r\n\r\n"
            text +=
                "PUT /count HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\u{1}\u{2}\r\n1;x=y\r\n\u{3}\r\n0\r\nX: y\r\n\r\n"
        }
        client.send(text)
        for number in 1...50 {
            #expect(client.answer()?.text.hasPrefix("GET [\(number)]") == true)
            #expect(client.answer()?.text == "3 6")
        }
    }

    @Test func aByteAtATime() throws {
        let client = try RawClient(sample.port)
        for byte in "PUT /count?a=b HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\n\u{1}\u{1}\u{1}\u{1}".utf8 {
            client.send([byte])
        }
        #expect(client.answer()?.text == "4 4")
    }

    @Test func noBodyWhereNoneMayBe() throws {
        let client = try RawClient(sample.port)
        client.send("HEAD /size/1000 HTTP/1.1\r\nHost: here\r\n\r\n")
        let head = client.answer(toHead: true)
        #expect(head?.status == 200 && head?["content-length"] == "1000")
        #expect(
            client.ask("GET /size/3 HTTP/1.1\r\nHost: here\r\n\r\n")?.text == "aaa", "nothing stands in between")
    }

    @Test func curlIsContent() throws {
        let plain = try curl("-b", "a=1", "-H", "X-Test: yes", sample.url + "/one/two?three=four")
        #expect(plain.stdout.hasPrefix("GET [one|two] ?three=four @127.0.0.1:\(sample.port) (a=1)"))
        let twice = try curl("-v", sample.url + "/1", sample.url + "/2")
        #expect(twice.stderr.contains("Re-using existing connection"), "\(twice.stderr)")
        let body = [UInt8](repeating: 1, count: 300_000)
        #expect(try curl("-T", "-", sample.url + "/count", input: body).stdout == "300000 300000")
        #expect(
            try curl("-X", "PUT", "--data-binary", "@-", sample.url + "/count", input: body).stdout
                == "300000 300000")
        #expect(try curl("-I", sample.url + "/size/5").stdout.contains("Content-Length: 5"))
        #expect(try curl("--http1.0", sample.url + "/size/5").stdout == "aaaaa")
        #expect(try curl(sample.url + "/size/3000000").stdoutBytes.count == 3_000_000)
    }
}

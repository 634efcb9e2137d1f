import Testing

@testable import HTTP

/// What headers say.
@Suite struct HTTPValuesTests {
    @Test func rangesAreReadStrictly() throws {
        let range = try #require(HTTPRange("bytes 5-9/10"))
        #expect(range.first == 5 && range.last == 9 && range.whole == 10 && range.count == 5)
        #expect(HTTPRange("Bytes  0-0/*")?.whole == .none && HTTPRange("bytes 0-0/*")?.count == 1)
        #expect(HTTPRange("bytes 5-9/9") == HTTPRange("bytes 5-9/*"))
        for text in [
            "", "bytes", "bytes 5-9", "bytes 9-5/10", "bytes -9/10", "bytes 5-/10", "bytes */10",
            "octets 5-9/10", "bytes 5-9/x", "bytes +5-9/10", "bytes 5-9-10/11", "bytes 5-9/10/11",
            "bytes 0-9223372036854775807/*", "bytes 0-99999999999999999999/*",
        ] {
            #expect(HTTPRange(text) == nil, "\(text)")
        }
        let headers: HTTPHeaders = ["content-range": "bytes 1-2/3", "Content-Length": "2"]
        #expect(headers.contentRange == HTTPRange("bytes 1-2/3") && headers.contentLength == 2)
        #expect((["Content-Length": "-2"] as HTTPHeaders).contentLength == nil)
    }

    @Test func momentsAreRead() {
        let moments: [(String, Int64?)] = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
            ("Tue, 29 Feb 2000 23:59:60 GMT", 951_868_800), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
            ("Sun, 31 Dec 2023 23:59:59 GMT", 1_704_067_199),
            ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil), ("", nil),
            ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
            ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
        ]
        for (text, seconds) in moments { #expect(HTTPDate.seconds(text) == seconds, "\(text)") }
    }

    @Test func howLongToWaitIsRead() {
        func wait(_ headers: HTTPHeaders) -> Duration? { headers.retryAfter }
        #expect(wait([:]) == nil && wait(["Retry-After": "120"]) == .seconds(120))
        for text in ["", "-1", "1.5", "soon"] { #expect(wait(["Retry-After": text]) == nil, "\(text)") }
        #expect(wait(["Retry-After": String(repeating: "9", count: 30)]) == .seconds(1 << 31))
        let now = "Sun, 06 Nov 1994 08:49:37 GMT"
        #expect(wait(["Retry-After": "Sun, 06 Nov 1994 08:50:00 GMT", "Date": now]) == .seconds(23))
        #expect(wait(["Retry-After": now, "Date": "Sun, 06 Nov 1994 08:50:00 GMT"]) == .zero)
        #expect(wait(["Retry-After": now]) == .zero, "it is long over by this computer's clock")
    }
}

import HTTP
import Testing

@testable import Web

@Suite struct PageFilesTests {
    @Test func everyPageIsAtAnAddressOfItsOwn() throws {
        try Stage.with { stage in
            let index = try stage.ask(.get, "/", headers: [:])
            #expect(index.status == 200 && index.text.contains("<main"))
            for path in ["/dashboard", "/cache", "/sync"] {
                let page = try stage.ask(.get, path, headers: [:])
                #expect(page.status == 200 && page.body == index.body, "\(path)")
            }
        }
    }

    @Test func whatPagesAreMadeOfIsThereAndNothingElse() throws {
        try Stage.with { stage in
            let types = [
                "/offbeat.js": "text/javascript; charset=utf-8", "/icon.svg": "image/svg+xml",
                "/modules/main.js": "text/javascript; charset=utf-8", "/style/base.css": "text/css; charset=utf-8",
                "/modules/client/connection.js": "text/javascript; charset=utf-8",
            ]
            for (path, type) in types {
                let reply = try stage.ask(.get, path, headers: [:])
                #expect(reply.status == 200 && reply.headers["Content-Type"] == type, "\(path)")
                let again = try stage.ask(.get, path, headers: ["If-None-Match": reply.headers["ETag"] ?? ""])
                #expect(again.status == 304 && again.body.isEmpty, "\(path)")
            }
            let wrong = [
                "/modules", "/modules/", "/modules/none.js", "/dashboard/x", "/main.js", "/modules/..%2Foffbeat.js",
                "/..%2F..%2FWeb.swift", "/modules/client/../../../Web.swift", "/library",
            ]
            for path in wrong {
                #expect([400, 404].contains(try stage.ask(.get, path, headers: [:]).status), "\(path)")
            }
            #expect(try stage.ask(.delete, "/offbeat.js").status == 405)
        }
    }

    /// What no page needs it may not do: scripts and styles come as files from here.
    @Test func noPageNeedsWhatItsPolicyForbids() throws {
        try Stage.with { stage in
            let page = try stage.ask(.get, "/", headers: [:])
            #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'self';") == true)
            #expect(page.headers["Content-Security-Policy"]?.contains("unsafe") == false)
            #expect(!page.text.contains("<style") && !page.text.contains(" style=") && !page.text.contains("http"))
            for script in page.text.split(separator: "<script").dropFirst() {
                #expect(script.prefix { $0 != ">" }.contains("src=\"/"))
            }
        }
    }
}

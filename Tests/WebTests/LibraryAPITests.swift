import Catalog
import Files
import HTTP
import Offbeat
import Serving
import Store
import Testing

@testable import Web

@Suite struct LibraryAPITests {
    @Test func whatOneDidIsTakenBackByOneselfOnly() throws {
        try Team.with(.editor) { (team) throws in
            let post = try team.ana.write("Out now")
            #expect(try team.ben.ask(.post, "/api/undo").status == 404)
            let undone = try team.ana.ask(.post, "/api/undo").json()
            #expect(undone["undone"]?["subject"] == "Write Out now")
            #expect(undone["undone"]?["changes"]?.asArray?.first?["what"] == "added")
            #expect(undone["kept"] == [])
            #expect(try team.ana.ask(.get, post).status == 404)
        }
    }

    @Test func theLogIsPagedAndShowsToEachWhatIsTheirs() throws {
        try Team.with { (team) throws in
            let track = try team.ana.addSound()
            let post = try team.ana.write("Secret")
            func subjects(_ path: String, _ stage: Stage) throws -> [String] {
                let page = try stage.ask(.get, path).json()["entries"]?.asArray ?? []
                return page.compactMap { $0["subject"]?.asString }
            }
            let all = try subjects("/api/log", team.ana)
            #expect(all.first == "Write Secret" && all.count == 5)
            #expect(try !subjects("/api/log", team.ben).contains("Write Secret"))
            var (path, paged) = ("/api/log?limit=2", [String]())
            for _ in 0..<4 {
                let page = try team.ana.ask(.get, path).json()
                paged += (page["entries"]?.asArray ?? []).compactMap { $0["subject"]?.asString }
                guard let next = page["next"]?.asString else { break }
                path = "/api/log?limit=2&after=\(next)"
            }
            #expect(paged == all)
            #expect(try subjects("/api/log?id=\(track)", team.ana).count == 1)
            let id = try #require(post.split(separator: "/").last)
            #expect(try subjects("/api/log?id=\(id)", team.ana) == ["Write Secret"])
            #expect(try team.ben.ask(.get, "/api/log?id=\(id)").status == 404)
            #expect(try team.ana.ask(.get, "/api/log?after=\(String(repeating: "0", count: 40))").status == 404)
            #expect(try team.ana.ask(.get, "/api/log?limit=0").status == 400)
        }
    }

    @Test func theStateOfTheLibraryNamesNoFolder() throws {
        try Team.with { (team) throws in
            _ = try team.ana.addSound()
            let remote = team.ana.folder.appending("remote")
            _ = try team.ana.library.addRemote("origin", at: remote.string, from: team.ana.folder)
            let status = try team.ana.ask(.get, "/api/status")
            #expect(try status.json()["tracks"] == 1)
            #expect(try status.json()["user"] == "ana")
            #expect(try status.json()["remote"]?["name"] == "origin")
            #expect(!status.text.contains(team.ana.folder.string))
            let before = try team.ana.ask(.get, "/api/sync").json()
            #expect(before["remote"] == ["name": "origin", "url": .null])
            #expect(before["lastSync"] == .null && before["ahead"] != 0)
            _ = try team.ana.library.sync()
            let after = try team.ana.ask(.get, "/api/sync")
            #expect(try after.json()["ahead"] == 0)
            #expect(try after.json()["lastSync"] != .null)
            #expect(!after.text.contains(team.ana.folder.string))
        }
    }

    @Test func aLibraryWithoutARemoteSaysSo() throws {
        try Stage.with { (stage) throws in
            let sync = try stage.ask(.get, "/api/sync").json()
            #expect(
                sync == [
                    "remote": .null, "ahead": .null, "behind": .null, "lastSync": .null, "lastError": .null,
                    "running": false, "progress": .null, "rounds": [],
                ])
        }
    }

    @Test func aConflictIsDecidedSideBySide() throws {
        try Stage.with { (stage) throws in
            let id = try stage.addSound()
            let remote = stage.folder.appending("remote").string
            _ = try stage.library.addRemote("origin", at: remote, from: stage.folder)
            _ = try stage.library.sync()
            let other = try Library.clone(
                CloneRequest(of: remote, from: stage.folder), to: stage.folder.appending("other"),
                context: stage.library.context
            ).library
            func name(_ title: String, in library: Library) throws {
                let change = EditRequest(.one(id), changes: [.field("title=\(title)")])
                _ = try library.session(as: "ana").edit(change)
            }
            try name("Night", in: stage.library)
            try name("Day", in: other)
            _ = try other.sync()
            _ = try stage.library.sync()
            let conflict = try #require(
                stage.ask(.get, "/api/conflicts").json()["conflicts"]?.asArray?.first)
            #expect(conflict["n"] == 1 && conflict["id"] == .string(id) && conflict["field"] == "title")
            let values = [conflict["current"], conflict["others"]?.asArray?.first?["value"]]
            #expect(Set(values.compactMap { $0?.asString }) == ["Night", "Day"])
            let path = "/api/conflicts/\(id)/title"
            for wrong: JSON in [
                [:], ["take": 0], ["take": 7], ["take": "all"], ["take": 1, "value": "x"], ["value": []],
            ] {
                #expect(try stage.ask(.post, path, wrong).status == 400, "\(wrong)")
            }
            #expect(try stage.ask(.post, "/api/conflicts/\(id)/artist", ["take": 1]).status == 404)
            let decided = try stage.ask(.post, path, ["take": 1]).json()
            #expect(decided["track"]?["title"] == values[1])
            #expect(try stage.ask(.get, "/api/conflicts").json()["conflicts"] == [])
            #expect(try stage.ask(.post, path, ["take": "current"]).status == 404)
        }
    }

    @Test func theCacheIsLookedAtWarmedAndForgotten() throws {
        try Team.with { (team) throws in
            let id = try team.ana.addSound()
            _ = try team.ana.write()
            _ = try team.ana.ask(.get, "/api/workspaces/band/posts")
            _ = try team.ana.ask(.get, "/api/tracks")
            let stats = try team.ana.ask(.get, "/api/cache").json()
            #expect(stats["views"]?["picker"]?["rows"] != nil && stats["views"]?["history:band"] != nil)
            // Which workspaces there are is nobody else's matter.
            #expect(try team.ben.ask(.get, "/api/cache").json()["views"]?["history:band"] == nil)
            let entries = try team.ana.ask(.get, "/api/cache/entries").json()["entries"]?.asArray ?? []
            #expect(Set(entries.compactMap { $0["view"]?.asString }) == ["picker", "history:band"])
            let own = try team.ana.ask(.get, "/api/cache/entries?of=\(id)").json()["entries"]?.asArray
            #expect(own?.first?["id"] == .string(id))
            #expect(try team.ben.ask(.get, "/api/cache/entries?of=history:band").status == 404)
            let invalidate = "/api/cache/invalidate"
            #expect(try team.ana.ask(.post, invalidate, ["of": "picker"]).json()["invalidated"] == ["picker"])
            #expect(try team.ana.ask(.post, "/api/cache/warm", ["q": "song"]).json()["tracks"] == 1)
            #expect(try team.ana.ask(.post, "/api/cache/warm").json()["cache"] == "hit")
            #expect(try team.ana.ask(.post, invalidate, ["workspace": "band"]).status == 200)
            #expect(try team.ben.ask(.post, invalidate, ["workspace": "band"]).status == 404)
            #expect(try team.ana.ask(.post, invalidate, ["profile": "none"]).status == 404)
            #expect(try team.ana.ask(.post, invalidate, [:]).status == 400)
            #expect(try team.ana.ask(.post, invalidate, ["of": "picker", "workspace": "band"]).status == 400)
            #expect(try team.ana.ask(.post, "/api/cache/clean").json()["removed"] != nil)
            #expect(try team.ana.ask(.post, "/api/cache/clear").json()["bytes"] == 0)
            #expect(try team.ana.ask(.get, "/api/cache/entries").json()["entries"] == [])
            let all = try team.ana.ask(.post, "/api/cache/clear", ["all": true]).json()
            #expect(all["bytes"]?.asInteger ?? 0 > 0)
            #expect(try team.ana.ask(.get, "/api/tracks").json()["total"] == 1)
        }
    }

    @Test(
        arguments: [
            ("cannot read /home/ana/store/x: denied", "cannot read …: denied"),
            ("'/srv/a b' and (/tmp)", "'… b' and (…)"), ("Europe/Berlin https://a.b/c and/or", nil),
        ] as [(String, String?)])
    func messagesNameNoFolders(message: String, open: String?) {
        #expect(Discretion.withoutPaths(message) == open ?? message)
        let answer = ProblemAnswer(Failure(.io, message, hint: message)).response
        #expect(answer.status == 500)
    }

    @Test(arguments: [
        ("https://example.org/a", true), ("git@example.org:a", true), ("ssh://h/a", true), ("/srv/a", false),
        ("../a", false), ("file:///srv/a", false), ("a/b", false),
    ])
    func addressesOfFoldersAreKeptBack(place: String, isShown: Bool) {
        #expect(Discretion.address(place) == (isShown ? place : nil))
    }
}

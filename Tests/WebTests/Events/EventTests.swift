import Catalog
import Files
import HTTP
import Offbeat
import Store
import TestSupport
import Testing

@testable import Web

/// What browsers are told as it happens.
@Suite struct EventTests {
    @Test func aChangeByAnotherProcessIsTold() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let ear = try Ear(at: stage)
            let before = try stage.library.version()
            let file = stage.folder.appending("other.wav")
            try FileSystem.write(noise(seed: 3), to: file)
            let added = try stage.another().session().add(AddRequest(paths: [file])).added
            let id = try #require(added.first?.id.hex)
            #expect(ear.hears("moved") { $0.names(id) })
            let moved = try #require(ear.events("moved").first?.json)
            #expect(moved["from"] == .string(before.description))
            #expect(moved["version"] == .string(try stage.library.version().description))
            #expect(moved["views"]?.asArray?.contains("picker") == true)
            #expect(moved["changes"]?.asArray?.first?["kind"] == "track")
            #expect(moved["changes"]?.asArray?.first?["what"] == "added")
        }
    }

    @Test func whatIsHiddenIsNotTold() throws {
        try OpenHouse.with(sharing: .workspaces) { stage, _ in
            let ben = try Ear(at: stage, Stage.by(stage.library.makeToken(for: "ben").secret))
            let ana = try Ear(at: stage)
            let id = try stage.addSound()
            #expect(ana.hears("moved") { $0.names(id) })
            #expect(ana.hears("analysis") { $0["id"] == .string(id) && $0["state"] == "cached" })
            // Ben hears that the library is at another version, and of his own track all there is.
            let file = stage.folder.appending("bens.wav")
            try FileSystem.write(noise(seed: 4), to: file)
            let own = try stage.library.session(as: "ben").add(AddRequest(paths: [file])).added.first?.id.hex ?? ""
            #expect(ben.hears("moved") { $0.names(own) })
            #expect(ben.hears("analysis") { $0["id"] == .string(own) && $0["state"] == "cached" })
            #expect(!ben.events().contains { $0.data.contains(id) })
            #expect(ben.events("moved").first?.json["changes"] == [])
            #expect(ben.events("moved").first?.json["views"] == [])
        }
    }

    @Test func whoComesBackHearsWhatWasMissed() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let ear = try Ear(at: stage)
            let first = try stage.addSound("one", seed: 1)
            #expect(ear.hears("analysis") { $0["state"] == "cached" })
            let last = try #require(ear.events().first?.id)
            let second = try stage.addSound("two", seed: 2)
            #expect(ear.hears("moved") { $0.names(second) })
            let again = try Ear(at: stage, since: last)
            #expect(again.hears("moved") { $0.names(second) })
            #expect(!again.events("moved").contains { $0.json.names(first) })
            #expect(again.events("reset").isEmpty)
            let ids = ear.ids
            #expect(ids == ids.sorted() && Set(ids.dropFirst()).count == ids.count - 1)
        }
    }

    @Test func whatCannotBeToldAgainIsAReset() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            for forgotten in ["1", "x", "99999999999999999999", "18446744073709551615"] {
                let ear = try Ear(at: stage, since: forgotten)
                #expect(ear.hears("reset"), "\(forgotten)")
            }
        }
    }

    @Test func whoIsLateByMoreThanIsRememberedHearsAReset() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let ear = try Ear(at: stage)
            let start = try #require(ear.ids.first)
            for number in 0..<300 {
                stage.server.service.events.tell(
                    .sync(SyncState(state: .running, done: Int64(number))), in: stage.library)
            }
            #expect(ear.hears("sync") { $0["done"] == 299 })
            #expect(try Ear(at: stage, since: "\(start)").hears("reset"))
            #expect(try Ear(at: stage, since: "\(start + 290)").hears("sync") { $0["done"] == 299 })
        }
    }

    @Test func aReferenceThatIsPackedMovesNothing() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            _ = try stage.addSound()
            let ear = try Ear(at: stage)
            #expect(eventually { stage.server.service.analyses.isIdle })
            let head = stage.library.path.appending("refs/heads/main")
            let id = try FileSystem.read(head)
            let packed =
                "# pack-refs with: peeled fully-peeled sorted \n\(String(decoding: id.prefix(40), as: UTF8.self)) refs/heads/main\n"
            let others = try FileSystem.readIfExists(stage.library.path.appending("packed-refs"))
            #expect(others == nil)
            try FileSystem.write(Array(packed.utf8), to: stage.library.path.appending("packed-refs"))
            try FileSystem.remove(head)
            let next = try stage.addSound("two", seed: 2)
            #expect(ear.hears("moved") { $0.names(next) })
        }
    }

    @Test func streamsEndWithTheServerAndWithTheSession() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let browser = try stage.browser(["token": .string(stage.server.token)])
            let (left, stays) = (try Ear(at: stage, browser), try Ear(at: stage))
            #expect(try stage.ask(.delete, "/api/session", headers: browser).status == 204)
            #expect(eventually { left.hasEnded })
            #expect(!stays.hasEnded)
            stage.server.stop(within: 1)
            #expect(eventually { stays.hasEnded })
            #expect(stays.status == 200)
        }
    }
}

import Catalog
import Files
import HTTP
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

@testable import Web

/// What a server does that nobody asks for each time.
@Suite struct WorkTests {
    @Test func whatComesInIsAnalysed() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let ear = try Ear(at: stage)
            let id = try stage.addSound()
            #expect(ear.hears("analysis") { $0["state"] == "cached" && $0["id"] == .string(id) })
            #expect(ear.events("analysis").map { $0.json["state"]?.asString } == ["computing", "cached"])
            let session = try stage.library.session()
            #expect(try session.isAnalysisCached(session.analysisTarget(of: id)))
            #expect(ear.hears("moved") { $0["views"]?.asArray?.contains("analysis") == true })
        }
    }

    @Test func whatAStopHasLeftIsDoneAtTheNextStart() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            let first = try stage.addSound("one", seed: 1)
            let session = try stage.library.session()
            #expect(eventually { stage.server.service.analyses.isIdle && stage.library.arrivalsLeft() == nil })
            stage.server.stop(within: 1)
            #expect(try session.isAnalysisCached(session.analysisTarget(of: first)))
            let second = try stage.addSound("two", seed: 2)
            #expect(stage.library.arrivalsLeft()?.tracks?.map(\.hex) == [second])
            var settings = PageSettings(folder: Stage.pages)
            settings.port = 0
            let again = try PageServer(stage.library, settings)
            defer { again.stop(within: 1) }
            let target = try session.analysisTarget(of: second)
            #expect(eventually { (try? session.isAnalysisCached(target)) == true })
        }
    }

    @Test func aSyncIsToldAndItsRoundsAreKept() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            #expect(try stage.ask(.post, "/api/sync").status == 400, "there is nothing to sync with")
            _ = try stage.library.addRemote("origin", at: "band.git", from: stage.folder)
            let ear = try Ear(at: stage)
            #expect(try stage.ask(.post, "/api/sync").status == 202)
            #expect(ear.hears("sync") { $0["state"] == "done" && $0["result"] == "pushed" })
            #expect(ear.events("sync").first?.json["state"] == "running")
            #expect(eventually { stage.server.service.sync.running == nil })
            #expect(stage.server.service.sync.rounds.map(\.state.state) == [.done])
        }
    }

    @Test func aRemoteThatIsAwayIsAQuietState() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            _ = try stage.library.addRemote("origin", at: "band.git", from: stage.folder)
            try FileSystem.rename(stage.folder.appending("band.git"), to: stage.folder.appending("elsewhere"))
            let ear = try Ear(at: stage)
            #expect(try stage.ask(.post, "/api/sync").status == 202)
            #expect(ear.hears("sync") { $0["state"] == "offline" })
            let message = ear.events("sync").last?.json["message"]?.asString ?? ""
            #expect(!message.isEmpty && !message.contains(stage.folder.string), "\(message)")
        }
    }

    @Test func whatOthersShareComesByItselfAndIsAnalysed() throws {
        try Stage.with {
            $0.analyzesArrivals = true
            $0.timeToLive = 0.2
        } _: { stage in
            _ = try stage.library.addRemote("origin", at: "band.git", from: stage.folder)
            _ = try stage.library.sync()
            let request = CloneRequest(of: stage.folder.appending("band.git").string, from: stage.folder)
            let other = try Library.clone(
                request, to: stage.folder.appending("clone"), context: stage.library.context
            ).library
            let file = stage.folder.appending("theirs.wav")
            try FileSystem.write(noise(seed: 6), to: file)
            let id = try other.session(as: "ana").add(AddRequest(paths: [file])).added.first?.id.hex ?? ""
            _ = try other.sync()
            let ear = try Ear(at: stage)
            #expect(ear.hears("moved") { $0.names(id) })
            #expect(ear.hears("analysis") { $0["id"] == .string(id) && $0["state"] == "cached" })
        }
    }

    @Test func aStopDuringASyncLosesNothing() throws {
        try Stage.with({ $0.analyzesArrivals = true }) { stage in
            _ = try stage.library.addRemote("origin", at: "band.git", from: stage.folder)
            for number in 1...20 { _ = try stage.addSound("song \(number)", seed: UInt64(number)) }
            let ear = try Ear(at: stage)
            #expect(try stage.ask(.post, "/api/sync").status == 202)
            #expect(ear.hears("sync") { $0["state"] == "running" })
            stage.server.stop(within: 1)
            #expect(try stage.library.session().list(ListRequest()).total == 20)
            #expect(try stage.library.sync().result != .merged)
            #expect(try stage.library.session().status().remote?.ahead == 0)
        }
    }

    @Test func eachInvalidationIsALineForWhoeverWantsIt() throws {
        let lines = Mutex<[String]>([])
        try Stage.with {
            $0.analyzesArrivals = true
            $0.invalidationLog = { line in lines.withLock { $0.append(line) } }
        } _: { stage in
            let old = try stage.library.version()
            _ = try stage.addSound()
            let new = try stage.library.version()
            let wanted = "picker: \(old.description.prefix(12)) → \(new.description.prefix(12))"
            #expect(eventually { lines.withLock { $0.contains(wanted) } })
        }
    }

    @Test func openingAWorkspaceHasItsTracksMadeReady() throws {
        try OpenHouse.with { stage, _ in
            let ana = try stage.library.session(as: "ana")
            let id = try stage.addSound()
            #expect(eventually { stage.server.service.analyses.isIdle })
            _ = try ana.invalidateAnalyses(of: id)
            _ = try ana.addWorkspace(WorkspaceRequest(slug: #require(Slug("band"))))
            var post = PostRequest(in: "band", text: "Out now")
            post.track = id
            _ = try ana.newPost(post)
            let ear = try Ear(at: stage)
            let service = stage.server.service
            service.open("band", by: Visitor(way: .link, library: stage.library, handle: "ana"))
            #expect(ear.hears("analysis") { $0["id"] == .string(id) && $0["state"] == "cached" })
        }
    }
}

import Blobs
import Catalog
import Digest
import Files
import Glibc
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing
import Trace

@testable import Network

/// Files that come from a git-lfs server, and what may go wrong with them.
@Suite(.waiting) struct LFSDownloadTests {
    @Test func aThousandFilesComeByEightConnectionsAndAHundredAtOnce() throws {
        let host = try LFSHost()
        var random = SeededRandom()
        let files = (0..<1_000).map { _ in host.put(random.bytes(200)) }
        let sums = Mutex((planned: 0, plannedBytes: Int64(0), done: 0, bytes: Int64(0)))
        try withBlobs { store in
            let report = LFSReport(
                planned: { files, bytes in
                    sums.withLock {
                        $0.planned += files; $0.plannedBytes += bytes
                    }
                },
                done: { files, bytes in
                    sums.withLock {
                        $0.done += files; $0.bytes += bytes
                    }
                })
            let asked = files + [files[3], .empty]
            let result = try host.client().download(asked, to: store, ref: "refs/heads/main", report: report)
            #expect(result.files == 1_000 && result.bytes == 200_000, "\(random)")
            #expect(result.missing.isEmpty && result.damaged.isEmpty)
            for file in files { #expect(try store.verify(file) == .sound) }
            let again = try host.client().download(asked, to: store)
            #expect(again == LFSClient.Result())
        }
        #expect(host.count(.batch) == 10 && host.count(.get) == 1_000)
        #expect(host.connections <= LFSClient.usualWidth)
        let total = sums.withLock { [Int64($0.planned), $0.plannedBytes, Int64($0.done), $0.bytes] }
        #expect(total == [1_000, 200_000, 1_000, 200_000])
    }

    @Test(arguments: [1, 12]) func asManyTravelAtOnceAsAreWanted(width: Int) throws {
        let travelling = Mutex((now: 0, most: 0))
        let host = try LFSHost { question, host in
            guard question.kind == .get else { return nil }
            travelling.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            let watch = Stopwatch()
            while travelling.withLock({ $0.most }) < width, watch.seconds < 5 { usleep(1_000) }
            travelling.withLock { $0.now -= 1 }
            return host.get(question.request, question.oid)
        }
        let files = (0..<12).map { host.put([UInt8($0)]) }
        try withBlobs { store throws in
            #expect(try host.client(width: width).download(files, to: store).files == 12)
        }
        #expect(travelling.withLock { $0.most } == width && host.connections <= width)
    }

    @Test func theQuestionIsAsTheProtocolHasIt() throws {
        let host = try LFSHost()
        let file = host.put([1, 2, 3])
        try withBlobs { _ = try host.client().download([file], to: $0, ref: "refs/heads/main") }
        let request = try #require(host.questions(.batch).first?.request)
        #expect(request.header("Accept") == "application/vnd.git-lfs+json")
        #expect(request.header("Content-Type") == "application/vnd.git-lfs+json")
        let expected: JSON = [
            "operation": "download", "transfers": ["basic"], "hash_algo": "sha256",
            "ref": ["name": "refs/heads/main"],
            "objects": [["oid": .string(file.oid.hex), "size": 3]],
        ]
        #expect(try JSON.parse(request.body) == expected)
    }

    @Test func whatIsMissingOrOtherDoesNotStopTheRest() throws {
        let host = try LFSHost(change: { object, _ in
            if object["size"] == 5 { object["size"] = 6 }
            if object["size"] == 7 { object["error"] = ["code": 410, "message": "removed"] }
        })
        let good = host.put([1, 2, 3])
        let gone = Pointer(oid: ContentHash(of: [9]), size: 1)
        let removed = host.put([UInt8](repeating: 7, count: 7))
        let other = host.put([UInt8](repeating: 1, count: 5))
        let wrong = host.put([6, 6], as: ContentHash(of: [7, 7]))
        try withBlobs { store in
            let result = try host.client().download([gone, other, good, wrong, removed], to: store)
            #expect(result.files == 1 && result.missing == [gone, removed] && result.damaged == [other, wrong])
            #expect(store.keeps(good) && !store.keeps(wrong))
        }
        // A file with other bytes was asked for once more before that was believed.
        #expect(host.questions(.get).count { $0.oid == wrong.oid.hex } == 2)
    }

    @Test func aCutFileGoesOnWhereItWas() throws {
        var random = SeededRandom()
        let bytes = random.bytes(3 << 20)
        let host = try LFSHost { question, _ in
            guard question.kind == .get, question.count <= 3 else { return nil }
            let ends = question.request.header("Range")?.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            let first = ends?.first ?? 0
            let range = ("Content-Range", "bytes \(first)-\(bytes.count - 1)/\(bytes.count)")
            let head = [LoopbackServer.Step].head(
                first == 0 ? 200 : 206, [("Content-Length", "\(bytes.count - first)")] + (first == 0 ? [] : [range])
            )
            return [.send(head + bytes[first..<min(bytes.count, first + 700_000)]), .close]
        }
        let file = host.put(bytes)
        try withBlobs { store in
            let result = try host.client().download([file], to: store)
            #expect(result.files == 1 && result.bytes == Int64(bytes.count), "\(random)")
            #expect(try store.verify(file) == .sound)
        }
        let starts = host.questions(.get).map { $0.request.header("Range") }
        #expect(starts.count == 4 && starts[0] == nil && starts[1...].allSatisfy { $0 != nil })
    }

    @Test func whatAnotherProgramLeftIsUsed() throws {
        var random = SeededRandom()
        let bytes = random.bytes(200_000)
        let host = try LFSHost()
        let file = host.put(bytes)
        try withBlobs { store in
            let folder = store.directory.appending("incomplete")
            try FileSystem.makeDirectory(folder)
            try FileSystem.write(Array(bytes[..<150_000]), to: folder.appending("\(file.oid).part"))
            #expect(try host.client().download([file], to: store).files == 1)
        }
        #expect(host.questions(.get).map { $0.request.header("Range") } == ["bytes=150000-199999"])
    }

    @Test func wrongBytesThatWereLeftAreReadAgain() throws {
        var random = SeededRandom()
        let bytes = random.bytes(200_000)
        let host = try LFSHost()
        let file = host.put(bytes)
        for left in [random.bytes(150_000), random.bytes(200_000)] {
            try withBlobs { store in
                let folder = store.directory.appending("incomplete")
                try FileSystem.makeDirectory(folder)
                try FileSystem.write(left, to: folder.appending("\(file.oid).part"))
                #expect(try host.client().download([file], to: store).files == 1, "\(random)")
            }
        }
        let ranges = host.questions(.get).map { $0.request.header("Range") }
        #expect(ranges == ["bytes=150000-199999", nil, nil])
    }

    /// What servers answer to a request for the rest of a file.
    enum Rest: String, CaseIterable { case whole, anotherPart, noRange, notSatisfiable, otherTotal }

    @Test(arguments: Rest.allCases) func aServerThatGivesNoRestGivesTheWhole(_ rest: Rest) throws {
        var random = SeededRandom()
        let bytes = random.bytes(200_000)
        let host = try LFSHost { question, _ in
            guard question.kind == .get, question.request.header("Range") != nil else { return nil }
            switch rest {
            case .whole: return .reply(200, [], body: bytes)
            case .anotherPart:
                return .reply(206, [("Content-Range", "bytes 5-199999/200000")], body: Array(bytes[5...]))
            case .noRange: return .reply(206, [], body: Array(bytes[150_000...]))
            case .notSatisfiable: return .reply(416)
            case .otherTotal:
                return .reply(206, [("Content-Range", "bytes 150000-199999/9")], body: Array(bytes[150_000...]))
            }
        }
        let file = host.put(bytes)
        try withBlobs { store in
            let folder = store.directory.appending("incomplete")
            try FileSystem.makeDirectory(folder)
            try FileSystem.write(Array(bytes[..<150_000]), to: folder.appending("\(file.oid).part"))
            #expect(try host.client().download([file], to: store).files == 1, "\(random)")
            #expect(try store.verify(file) == .sound)
        }
        // What is said of the whole is not believed.
        #expect(host.count(.get) == ([.whole, .otherTotal].contains(rest) ? 1 : 2))
    }

    /// Files that are not what was promised.
    enum Wrong: String, CaseIterable { case longer, shorter, longerWithoutLength, page, empty, partUnasked }

    @Test(arguments: Wrong.allCases) func aWrongFileIsNotKept(_ wrong: Wrong) throws {
        let bytes = [UInt8]("what it should be".utf8)
        let host = try LFSHost { question, _ in
            guard question.kind == .get else { return nil }
            switch wrong {
            case .longer: return .reply(200, [], body: bytes + [0])
            case .shorter: return .reply(200, [], body: Array(bytes.dropLast()))
            case .longerWithoutLength:
                return [.send([LoopbackServer.Step].head(200, [("Connection", "close")]) + bytes + bytes), .close]
            case .page: return .page
            case .empty: return .reply(200, [], body: [])
            case .partUnasked: return .reply(206, [("Content-Range", "bytes 0-16/17")], body: bytes)
            }
        }
        let (file, good) = (host.put(bytes), Pointer.empty)
        try withBlobs { store in
            let client = try host.client()
            switch wrong {
            case .page, .partUnasked:
                let error = networkError { try client.download([file, good], to: store) }
                #expect(error?.code == .refused)
                if wrong == .page { #expect(error?.message.contains("web page") == true) }
            default: #expect(try client.download([file, good], to: store).damaged == [file])
            }
            #expect(!store.keeps(file))
        }
    }

    @Test func aShortBodyWithoutLengthIsACut() throws {
        let bytes = [UInt8](repeating: 3, count: 100_000)
        let host = try LFSHost { question, _ in
            guard question.kind == .get, question.count == 1 else { return nil }
            return [.send([LoopbackServer.Step].head(200, [("Connection", "close")]) + bytes[..<90_000]), .close]
        }
        let file = host.put(bytes)
        let result = try withBlobs { try host.client().download([file], to: $0) }
        #expect(result.files == 1)
        #expect(host.questions(.get).map { $0.request.header("Range") } == [nil, "bytes=90000-99999"])
    }

    @Test(arguments: [429, 500, 502, 503, 504, 408]) func whatPassesIsTriedAgain(status: Int) throws {
        let host = try LFSHost { question, _ in
            question.kind == .get && question.count <= 5 || question.kind == .batch && question.count <= 2
                ? .reply(status, [("Content-Type", "text/html")], "<html>busy</html>") : nil
        }
        let files = [host.put([1]), host.put([2])]
        let result = try withBlobs { try host.client().download(files, to: $0) }
        #expect(result.files == 2)
        #expect(host.count(.get) == 12 && host.count(.batch) == 3)
    }

    @Test func afterEightTriesAFileIsGivenUpAndTheOthersCome() throws {
        let bad = ContentHash(of: [1]).hex
        let host = try LFSHost { question, _ in
            question.kind == .get && question.oid == bad ? .json(#"{"message":"disk on fire"}"#, status: 500) : nil
        }
        let files = (1...50).map { host.put([$0]) }
        try withBlobs { store in
            let error = networkError { try host.client().download(files, to: store) }
            #expect(error?.code == .offline && error?.message.contains("disk on fire (500)") == true)
            #expect(error?.hint != nil)
            #expect(files.count { store.keeps($0) } == 49)
        }
        #expect(host.questions(.get).count { $0.oid == bad } == 8)
    }

    @Test func whereNobodyAnswersAnyMoreTheRestIsNotTried() throws {
        let host = try LFSHost { question, _ in question.kind == .get ? [.reset] : nil }
        let files = (0..<90).map { host.put([$0]) }
        try withBlobs { store in
            let error = networkError { try host.client().download(files, to: store) }
            #expect(error?.code == .offline)
        }
        // Eight files at once, eight times each at most; the connection that was kept open costs one more of each.
        #expect(host.count(.get) <= 90 * 3)
    }

    @Test func aHostThatIsNotThereIsOffline() throws {
        let host = try LFSHost()
        let file = host.put([1])
        let client = try host.client()
        host.stop()
        try withBlobs { store in
            let error = networkError { try client.download([file], to: store) }
            #expect(error?.code == .offline)
        }
    }

    @Test func aTransferThatStandsStillEnds() throws {
        let host = try LFSHost { question, _ in question.kind == .get ? [.hang] : nil }
        let file = host.put([1])
        try withBlobs { store in
            let client = try host.client(standstill: .milliseconds(300))
            let begun = LFSMoment.now
            let error = networkError { try client.download([file], to: store) }
            #expect(error?.code == .offline && error?.message.contains("0.3 seconds") == true)
            #expect(LFSMoment.now - begun < .seconds(10))
        }
    }

    @Test func whoWantsAnEndGetsOne() throws {
        let host = try LFSHost { question, _ in question.kind == .get && question.count > 0 ? [.hang] : nil }
        let file = host.put([1])
        try withBlobs { store in
            let client = try host.client()
            let report = LFSReport(isStopped: { host.count(.get) > 0 })
            let error = networkError { try client.download([file], to: store, report: report) }
            #expect(error?.code == .stopped)
        }
    }

    @Test func whoeverWantsToBeLeftAloneIs() throws {
        let host = try LFSHost { question, _ in
            guard question.count == 1 else { return nil }
            switch question.kind {
            case .batch: return .reply(429, [("Retry-After", "1")])
            case .get: return .reply(503, [("Retry-After", "1")])
            default: return nil
            }
        }
        let file = host.put([1])
        let begun = LFSMoment.now
        let result = try withBlobs { try host.client().download([file], to: $0) }
        #expect(result.files == 1)
        #expect(LFSMoment.now - begun >= .seconds(2))
    }

    @Test(arguments: [LFSHost.Kind.batch, .get]) func whoeverWantsAnHourIsNotWaitedFor(_ kind: LFSHost.Kind) throws
    {
        let host = try LFSHost { question, _ in
            question.kind == kind ? .reply(503, [("Retry-After", "3600")]) : nil
        }
        let file = host.put([1])
        try withBlobs { store in
            let error = networkError { try host.client().download([file], to: store) }
            #expect(error?.code == .offline && error?.hint?.contains("60 minutes") == true)
        }
        #expect(host.count(kind) == 1)
    }

    @Test func filesAreLookedAtWithoutBeingKept() throws {
        let host = try LFSHost()
        let good = host.put([UInt8](repeating: 1, count: 300_000))
        let wrong = host.put([6, 6], as: ContentHash(of: [7, 7]))
        let gone = Pointer(oid: ContentHash(of: [9]), size: 1)
        let client = try host.client()
        let result = try client.verify([good, wrong, gone])
        #expect(result.files == 1 && result.damaged == [wrong] && result.missing == [gone])
        #expect(try client.lacking([good, wrong, gone, .empty]) == [gone])
        #expect(try client.present([good, wrong, gone]) == [good, wrong])
    }

    @Test func whoComesSecondWaits() throws {
        var random = SeededRandom()
        let bytes = random.bytes(1 << 20)
        let host = try LFSHost { question, _ in
            guard question.kind == .get else { return nil }
            let head = [LoopbackServer.Step].head(200, [("Content-Length", "\(bytes.count)")])
            return [.send(head + bytes[..<50_000]), .pause(0.4), .send(Array(bytes[50_000...]))]
        }
        let file = host.put(bytes)
        try withBlobs { store in
            // Both have begun before either has a place on the disk.
            let both = (0..<2).map { _ in BackgroundWork { _ = try host.client().download([file], to: store) } }
            for one in both { try one.wait() }
            #expect(try store.verify(file) == .sound, "\(random)")
            let left = FileSystem.exists(store.directory.appending("incomplete/\(file.oid).part"))
            #expect(!left)
        }
        #expect(host.count(.get) == 2)
    }

    @Test func whatIsDoneIsTraced() throws {
        let host = try LFSHost()
        let file = host.put([1])
        let lines = Mutex<[String]>([])
        let trace = Trace([.sync], clock: { 0 }, tell: { line in lines.withLock { $0.append(line) } })
        let endpoint = try host.endpoint
        let client = LFSClient(
            download: endpoint, upload: endpoint, web: WebClient(settings: NetworkSettings([])), trace: trace)
        #expect(try client.verify([file]).files == 1)
        trace.finish()
        let place = endpoint.url.place
        #expect(
            lines.withLock { $0 } == [
                "sync: asked about 1 files at \(place), 0.0 ms", "sync: requests for files: 1 in all, 0.0 ms",
            ])
    }

    @Test func twoAtOnceBringAFileOnce() throws {
        var random = SeededRandom()
        let bytes = random.bytes(1 << 20)
        let host = try LFSHost()
        let file = host.put(bytes)
        try withBlobs { store in
            let arrival = try #require(try store.arrival(of: file))
            try bytes[..<500_000].withUnsafeBytes { (piece) throws in try arrival.append(piece) }
            let other = BackgroundWork { _ = try host.client().download([file], to: store) }
            while host.count(.batch) == 0 { sched_yield() }
            try bytes[500_000...].withUnsafeBytes { (piece) throws in try arrival.append(piece) }
            let batch = try store.beginBatch(durable: false)
            #expect(try arrival.finish(into: batch))
            try batch.commit()
            try other.wait()
            #expect(try store.verify(file) == .sound)
        }
        #expect(host.count(.get) == 0)
    }
}

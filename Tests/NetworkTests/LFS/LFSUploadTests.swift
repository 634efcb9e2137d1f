import Blobs
import Catalog
import Digest
import Files
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// Files that go to a git-lfs server, and what may go wrong with them.
@Suite(.waiting) struct LFSUploadTests {
    @Test(arguments: [false, true]) func aServerGetsWhatItLacks(verifies: Bool) throws {
        let host = try LFSHost(verifies: verifies)
        var random = SeededRandom()
        let sums = Mutex((planned: 0, done: 0, bytes: Int64(0)))
        try withBlobs { store in
            let files = try (0..<250).map { _ in try store.add(random.bytes(100)) }
            for file in files[..<50] { host.put(try store.read(file, limit: 100)) }
            let gone = Pointer(oid: ContentHash(of: [9]), size: 1)
            let report = LFSReport(
                planned: { files, _ in sums.withLock { $0.planned += files } },
                done: { files, bytes in
                    sums.withLock {
                        $0.done += files; $0.bytes += bytes
                    }
                })
            let client = try host.client()
            let result = try client.upload([.empty, gone] + files + files, from: store, report: report)
            #expect(result.files == 200 && result.bytes == 20_000 && result.missing == [gone], "\(random)")
            #expect(files.allSatisfy { host.bytes($0) != nil })
            #expect(try client.upload(files, from: store) == LFSClient.Result())
        }
        #expect(host.count(.put) == 200 && host.count(.verify) == (verifies ? 200 : 0))
        #expect(host.count(.batch) == 6)
        let total = sums.withLock { [$0.planned, $0.done, Int($0.bytes)] }
        #expect(total == [200, 200, 20_000])
    }

    @Test func theRequestsAreAsTheProtocolHasThem() throws {
        let host = try LFSHost(verifies: true)
        let file = try withBlobs { store in
            let file = try store.add([1, 2, 3])
            _ = try host.client().upload([file], from: store, ref: "refs/heads/x")
            return file
        }
        let put = try #require(host.questions(.put).first?.request)
        #expect(put.header("Content-Type") == "application/octet-stream" && put.header("Content-Length") == "3")
        #expect(put.header("Transfer-Encoding") == nil)
        let verify = try #require(host.questions(.verify).first?.request)
        #expect(verify.header("Content-Type") == "application/vnd.git-lfs+json")
        #expect(try JSON.parse(verify.body) == ["oid": .string(file.oid.hex), "size": 3])
        let batch = try JSON.parse(try #require(host.questions(.batch).first?.request.body))
        #expect(batch["operation"] == "upload" && batch["ref"] == ["name": "refs/heads/x"])
    }

    @Test func headersOfActionsGoAsTheyAre() throws {
        let host = try LFSHost(
            verifies: true,
            change: { object, _ in
                guard var actions = object["actions"]?.asObject else { return }
                for name in actions.keys {
                    guard var action = actions[name]?.asObject else { continue }
                    action["header"] = [
                        "Authorization": "Basic abc", "Content-Type": "audio/x", "X-\(name)": "yes",
                    ]
                    actions[name] = .object(action)
                }
                object["actions"] = .object(actions)
            })
        try withBlobs { store in _ = try host.client().upload([try store.add([1])], from: store) }
        for (kind, name) in [(LFSHost.Kind.put, "upload"), (.verify, "verify")] {
            let request = try #require(host.questions(kind).first?.request)
            #expect(request.headers.count { $0.name.lowercased() == "content-type" } == 1)
            #expect(request.header("Content-Type") == "audio/x" && request.header("Authorization") == "Basic abc")
            #expect(request.header("X-\(name)") == "yes")
        }
    }

    @Test func aLargeFileGoesAgainFromItsBeginning() throws {
        let host = try LFSHost { question, _ in
            guard question.kind == .put else { return nil }
            return question.count == 1 ? [.reset] : .reply()
        }
        var random = SeededRandom()
        try withBlobs { store in
            let bytes = random.bytes(5 << 20)
            let file = try store.add(bytes)
            let sums = Mutex((calls: 0, bytes: Int64(0)))
            let report = LFSReport(done: { _, bytes in
                sums.withLock {
                    $0.calls += 1; $0.bytes += bytes
                }
            })
            #expect(try host.client().upload([file], from: store, report: report).files == 1, "\(random)")
            let told = sums.withLock { $0 }
            #expect(told.calls > 5 && told.bytes == file.size, "pieces are told of, and none twice")
            let request = try #require(host.questions(.put).last?.request)
            #expect(request.bodyLength == bytes.count && request.body.elementsEqual(bytes[..<(1 << 20)]))
        }
    }

    @Test(arguments: [20, 300_000]) func noServerGetsAWholeFileThatIsAnother(size: Int) throws {
        let host = try LFSHost()
        var random = SeededRandom()
        try withBlobs { store in
            let (bad, good) = (try store.add(random.bytes(size)), try store.add([1]))
            let path = store.path(of: bad.oid)
            try FileSystem.setMode(of: path, to: 0o644)
            try FileSystem.write(random.bytes(size), to: path)
            let result = try host.client().upload([bad, good], from: store)
            #expect(result.files == 1 && result.damaged == [bad], "\(random)")
            #expect(host.bytes(bad) == nil && host.bytes(good) != nil)
            #expect(!host.questions(.put).contains { $0.oid == bad.oid.hex && $0.request.bodyLength == size })
        }
    }

    @Test func aFileThatIsNotThereAfterwardsIsNotTakenForSent() throws {
        let host = try LFSHost(verifies: true) { question, _ in
            question.kind == .verify ? .json(#"{"message":"no such file"}"#, status: 404) : nil
        }
        try withBlobs { store in
            let file = try store.add([1])
            let error = networkError { try host.client().upload([file], from: store) }
            #expect(error?.code == .missing && error?.message.contains("no such file (404)") == true)
        }
        #expect(host.count(.verify) == 1)
    }

    @Test func verifyingIsTriedThreeTimesAndTheFileSentOnce() throws {
        let host = try LFSHost(verifies: true) { question, _ in
            question.kind == .verify && question.count <= 4 ? .reply(502) : nil
        }
        try withBlobs { store in
            let file = try store.add([1])
            #expect(try host.client().upload([file], from: store).files == 1)
        }
        #expect(host.count(.verify) == 5 && host.count(.put) == 1)
    }

    struct Refusal: Sendable {
        let status: Int
        let code: NetworkError.Code
        /// How often it is sent.
        let tries: Int
    }

    @Test(arguments: [
        Refusal(status: 403, code: .denied, tries: 2),
        Refusal(status: 404, code: .missing, tries: 1), Refusal(status: 413, code: .refused, tries: 2),
        Refusal(status: 422, code: .refused, tries: 1), Refusal(status: 501, code: .refused, tries: 1),
        Refusal(status: 507, code: .noSpace, tries: 1), Refusal(status: 509, code: .noSpace, tries: 1),
        Refusal(status: 429, code: .offline, tries: 8), Refusal(status: 500, code: .offline, tries: 8),
    ]) func whatAServerSaysIsShown(_ refusal: Refusal) throws {
        let host = try LFSHost { question, _ in
            guard question.kind == .put else { return nil }
            let text = #"{"message":"see https://me:pw@h/x?token=secret\nnow \u001b[31m"}"#
            return .json(text, status: refusal.status)
        }
        try withBlobs { store in
            let file = try store.add([1])
            let error = networkError { try host.client().upload([file], from: store) }
            #expect(error?.code == refusal.code)
            let message = try #require(error?.message)
            #expect(message.hasSuffix("see https://h/x now [31m (\(refusal.status))"), "\(message)")
        }
        #expect(host.count(.put) == refusal.tries)
    }

    @Test func whoIsNotBelievedIsAskedAgainOnce() throws {
        let host = try LFSHost { question, _ in
            question.kind == .put && question.request.header("Authorization") != "Basic new"
                ? .json(#"{"message":"too old"}"#, status: 401) : nil
        } change: { object, host in
            let (word, oid) = (host.count(.batch) == 1 ? "Basic old" : "Basic new", object["oid"]?.asString ?? "")
            let action: JSON = [
                "href": .string("\(host.url)/files/\(oid)"), "header": ["Authorization": .string(word)],
            ]
            if object["actions"] != nil { object["actions"] = ["upload": action] }
        }
        try withBlobs { store in
            let file = try store.add([1])
            #expect(try host.client().upload([file], from: store).files == 1)
        }
        #expect(host.count(.batch) == 2 && host.count(.put) == 2)
    }

    @Test func aFileThatOneRefusesDoesNotStopTheRest() throws {
        let bad = ContentHash(of: [1]).hex
        let host = try LFSHost { question, _ in
            question.kind == .put && question.oid == bad ? .reply(422) : nil
        }
        try withBlobs { store in
            let files = try (0..<20).map { try store.add([$0]) }
            let error = networkError { try host.client().upload(files, from: store) }
            #expect(error?.code == .refused)
            #expect(files.count { host.bytes($0) != nil } == 19)
        }
    }

    @Test(arguments: [true, false]) func whatAServerSaysOfAFileThatGoesIsNotSaidOfOurs(isSize: Bool) throws {
        let host = try LFSHost(change: { object, _ in
            if isSize {
                object["size"] = 99
            } else {
                object["error"] = ["code": 404, "message": "no place for it"]
            }
        })
        try withBlobs { store in
            let file = try store.add([1])
            let error = networkError { try host.client().upload([file], from: store) }
            #expect(error?.code == (isSize ? .refused : .missing))
            #expect(error?.message.contains(isSize ? "99 bytes" : "no place for it (404)") == true)
        }
        #expect(host.count(.put) == 0)
    }

    @Test func severalFailuresAreToldTogether() throws {
        let host = try LFSHost { question, _ in question.kind == .put ? .reply(422) : nil }
        try withBlobs { store in
            let files = try (0..<20).map { try store.add([$0]) }
            let error = networkError { try host.client().upload(files, from: store) }
            #expect(error?.message.hasPrefix("20 of 20 files did not get there: ") == true)
        }
    }

    @Test func whatIsOverIsAskedForAgain() throws {
        let host = try LFSHost { question, _ in
            question.kind == .put ? [.pause(0.2)] + .reply() : nil
        } change: { object, host in
            guard var action = object["actions"]?["upload"]?.asObject else { return }
            // The eight that go at once are in time, and take longer than the others may wait.
            if host.count(.batch) == 1 { action["expires_in"] = 1 }
            object["actions"] = ["upload": .object(action)]
        }
        try withBlobs { store in
            let files = try (0..<60).map { try store.add([$0]) }
            #expect(try host.client().upload(files, from: store).files == 60)
        }
        #expect(host.count(.put) == 60 && host.count(.batch) == 2)
    }

    @Test func timesThatAreLongOverAreOfAWrongClock() throws {
        let host = try LFSHost(change: { object, _ in
            guard var action = object["actions"]?["upload"]?.asObject else { return }
            action["expires_at"] = "2001-01-01T00:00:00Z"
            object["actions"] = ["upload": .object(action)]
        })
        try withBlobs { store in
            let file = try store.add([1])
            #expect(try host.client().upload([file], from: store).files == 1)
        }
        #expect(host.count(.batch) == 1)
    }

    @Test func whoMayNotHaveManyIsAskedAboutFew() throws {
        let host = try LFSHost { question, _ in
            guard question.kind == .batch else { return nil }
            let count = (try? JSON.parse(question.request.body))?["objects"]?.asArray?.count ?? 0
            return count > 30 ? .reply(413) : nil
        }
        try withBlobs { store in
            let files = try (0..<200).map { try store.add([UInt8($0)]) }
            #expect(try host.client().upload(files, from: store).files == 200)
        }
        // 100 and 50 are too many, and after that nobody asks about so many again.
        #expect(host.state.withLock { $0.largestBatch } == 25)
        #expect(host.count(.batch) == 2 + 8)
    }

    @Test func whoMayNotHaveOneIsNotAskedForEver() throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? .reply(413) : nil }
        try withBlobs { store in
            let files = try (0..<3).map { try store.add([$0]) }
            let error = networkError { try host.client().upload(files, from: store) }
            #expect(error?.code == .refused)
        }
        #expect(host.count(.batch) == 2)
    }
}

import Blobs
import Digest
import Files
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// The client against the server, by a real ssh between them.
@Suite(.waiting) struct TransferClientTests {
    @Test func movesFilesBothWays() throws {
        try TransferPlace.with { (place) throws in
            let files = try place.put([1, 100, 70_000, 65_280, 65_281, 3_000_000] + (0..<150).map { 2_000 + $0 })
            let client = place.client()
            #expect(try client.connect(.upload))
            let total = files.map(\.size).reduce(0, +)
            let planned = Mutex((0, Int64(0)))
            let moved = Mutex((0, Int64(0)))
            let report = LFSReport(
                planned: { files, bytes in planned.withLock { $0 = ($0.0 + files, $0.1 + bytes) } },
                done: { files, bytes in moved.withLock { $0 = ($0.0 + files, $0.1 + bytes) } })
            let sent = try client.upload(files + files + [.empty], from: place.store, report: report)
            #expect(sent.files == 156 && sent.bytes == total && sent.missing.isEmpty && sent.damaged.isEmpty)
            #expect(planned.withLock { $0 } == (156, total) && moved.withLock { $0 } == (156, total))
            for file in files { #expect(try place.bytes(file, place.there) == place.bytes(file, place.store)) }
            #expect(try client.upload(files, from: place.store).files == 0)
            let unknown = Pointer(oid: ContentHash(of: [7]), size: 1)
            #expect(try client.lacking(files + [unknown, .empty]) == [unknown])

            let other = try place.other()
            let come = try client.download(files + [unknown], to: other, ref: "refs/heads/main", report: report)
            #expect(come.files == 156 && come.bytes == total && come.missing == [unknown] && come.damaged.isEmpty)
            #expect(moved.withLock { $0 } == (312, 2 * total))
            for file in files { #expect(try place.bytes(file, other) == place.bytes(file, place.store)) }
            #expect(try client.download(files, to: other).files == 0)
            client.close()
        }
    }

    @Test func tellsWhatIsDamagedOrMissing() throws {
        try TransferPlace.with { (place) throws in
            let files = try place.put([10, 20, 30, 100_000])
            let client = place.client()
            try place.spoil(files[3], in: place.store)
            let unknown = Pointer(oid: ContentHash(of: [7]), size: 1)
            let sent = try client.upload(files + [unknown], from: place.store)
            #expect(sent.files == 3 && sent.missing == [unknown] && sent.damaged == [files[3]])
            #expect(!place.there.contains(files[3]), "no server gets what is another")
            try place.spoil(files[1], in: place.there)
            let looked = try client.verify(files)
            #expect(looked.files == 2 && looked.damaged == [files[1]] && looked.missing == [files[3]])
            let other = try place.other()
            let come = try client.download(files, to: other)
            #expect(come.files == 2 && come.damaged == [files[1]] && come.missing == [files[3]])
            #expect(!other.contains(files[1]))
        }
    }

    @Test(arguments: [
        "echo bash: git-lfs-transfer: command not found >&2; exit 127", "echo Invalid command >&2; exit 1",
        "echo 'Welcome to this server!'", "exit 0", "printf '000eversion=2\\n0000'; cat >/dev/null",
        "printf '000eversion=1\\n0000000fstatus 400\\n00010007no\\n0000'; cat >/dev/null", "printf 00010000",
    ]) func saysThatThereIsNoSuchProgram(_ script: String) throws {
        try TransferPlace.with(script) { (place) throws in
            #expect(try !place.client().connect(.download))
            let file = Pointer(oid: ContentHash(of: [7]), size: 1)
            let error = networkError { _ = try place.client().lacking([file]) }
            #expect(error?.code == .refused && error?.message == "127.0.0.1 has no git-lfs-transfer")
        }
    }

    @Test func saysWhyItIsNotLetIn() throws {
        try TransferPlace.with("echo fatal: it is no repository >&2; exit 128") { (place) throws in
            let client = place.client()
            #expect(try !client.connect(.download), "another program may know more")
            let file = Pointer(oid: ContentHash(of: [7]), size: 1)
            let error = networkError { _ = try client.lacking([file]) }
            #expect(error?.code == .refused && error?.message.contains("it is no repository") == true)
            let stranger = place.host.folder.appending("stranger")
            try SSHServer.makeKey(at: stranger, type: "ed25519")
            let other = TransferClient(ssh: place.host.client(key: stranger), address: place.host.address("/a"))
            #expect(networkError { _ = try other.connect(.download) }?.code == .denied)
        }
    }

    /// The first two connections break in the middle; what came before is kept, and the rest comes by the next.
    @Test func goesOnWhereAConnectionBreaks() throws {
        let first = "mkdir cut1 2>/dev/null || mkdir cut2 2>/dev/null"
        try TransferPlace.with(
            "if \(first); then stdbuf -o0 head -c 900000 | SERVER \"$@\"; else exec SERVER \"$@\"; fi"
        ) {
            (place) throws in
            let files = try place.put([500_000, 500_000, 500_000, 10, 20])
            let sent = try place.client(connections: 1).upload(files, from: place.store)
            #expect(sent.files + 2 >= 5, "what arrived before the break may not have been answered")
            for file in files { #expect(try place.bytes(file, place.there) == place.bytes(file, place.store)) }
            for name in ["cut1", "cut2"] { try FileSystem.removeDirectory(place.host.folder.appending(name)) }
            try place.install(
                "if \(first); then SERVER \"$@\" | stdbuf -o0 head -c 900000; else exec SERVER \"$@\"; fi")
            let other = try place.other()
            let come = try place.client(connections: 1).download(files, to: other)
            #expect(come.files == 5 && come.missing.isEmpty && come.damaged.isEmpty)
            for file in files { #expect(try place.bytes(file, other) == place.bytes(file, place.store)) }
        }
    }

    @Test func givesUpWhereConnectionsAlwaysBreak() throws {
        try TransferPlace.with("SERVER \"$@\" | stdbuf -o0 head -c 300000") { (place) throws in
            let files = try place.put([500_000], into: place.there)
            let watch = Stopwatch()
            let error = networkError { _ = try place.client().download(files, to: place.store) }
            #expect(error?.code == .offline, "\(error?.description ?? "")")
            #expect(watch.seconds < 60)
            // What has come stays for who can go on there.
            #expect(try place.store.arrival(of: files[0])?.received ?? 0 > 0)
        }
    }

    @Test func stopsAndWaitsNoLongerThanItSays() throws {
        try TransferPlace.with("SERVER \"$@\" | (stdbuf -o0 head -c 100000; sleep 60)") { (place) throws in
            let files = try place.put([500_000], into: place.there)
            let watch = Stopwatch()
            let stopped = networkError {
                _ = try place.client().download(
                    files, to: place.store, report: LFSReport(isStopped: { watch.seconds > 1 }))
            }
            #expect(stopped?.code == .stopped && watch.seconds < 20)
            try place.install("sleep 60")
            let silent = networkError { _ = try place.client(patience: .milliseconds(1500)).connect(.upload) }
            #expect(silent?.code == .offline && watch.seconds < 30)
        }
    }

    /// What came by another way before is the beginning of the file, or is found out to be none.
    @Test(arguments: [false, true]) func goesOnFromWhatIsHere(_ isSpoilt: Bool) throws {
        try TransferPlace.with { (place) throws in
            let files = try place.put([300_000, 200_000], into: place.there)
            for (file, count) in zip(files, [200_000, 200_000]) {
                var part = Array(try place.bytes(file, place.there).prefix(count))
                if isSpoilt { part[0] ^= 1 }
                let path = place.store.directory.appending("incomplete/\(file.oid).part")
                try FileSystem.makeDirectories(path.parent)
                try FileSystem.write(part, to: path)
            }
            let come = try place.client().download(files, to: place.store)
            #expect(come.files == 2 && come.damaged.isEmpty)
            for file in files { #expect(try place.bytes(file, place.store) == place.bytes(file, place.there)) }
        }
    }

    @Test func waitsForAnotherProcessThatBringsAFile() throws {
        try TransferPlace.with { (place) throws in
            let files = try place.put([300_000], into: place.there)
            let bytes = try place.bytes(files[0], place.there)
            // One that holds it until some time has passed.
            var holder: BlobArrival? = try place.store.arrival(of: files[0])
            try bytes[..<100_000].withUnsafeBytes { try holder?.append($0) }
            let asked = Mutex(0)
            let report = LFSReport(isStopped: {
                asked.withLock { $0 += 1 }
                return false
            })
            let held = Mutex(holder.take())
            let result = Mutex<LFSClient.Result?>(nil)
            let (client, store) = (place.client(connections: 1), place.store)
            Parallel.forEach(count: 2, workers: 2) { number in
                if number == 0 {
                    let come = try? client.download(files, to: store, report: report)
                    result.withLock { $0 = come }
                } else {
                    let watch = Stopwatch()
                    while asked.withLock({ $0 }) < 10, watch.seconds < 20 { SystemClock.sleep(seconds: 0.01) }
                    held.withLock { $0 = nil }
                }
            }
            #expect(result.withLock { $0 }?.files == 1)
            #expect(try place.bytes(files[0], place.store) == bytes)
        }
    }

    /// Another server, which says no in the words of the protocol.
    @Test(arguments: [
        (403, NetworkError.Code.denied), (507, .noSpace), (422, .refused), (503, .offline),
    ]) func understandsWhatServersRefuse(_ status: Int, _ code: NetworkError.Code) throws {
        let answer = "000fstatus \(status)\\n00010010because so\\033\\n0000"
        let script = "printf '000eversion=1\\n0000000fstatus 200\\n0000\(answer)'; cat >/dev/null"
        try TransferPlace.with(script) { (place) throws in
            let files = try place.put([10])
            let error = networkError { _ = try place.client().upload(files, from: place.store) }
            #expect(error?.code == code)
            #expect(error?.message.contains("because so ") == true, "\(error?.description ?? "")")
        }
    }

    @Test(arguments: ["status x\\n", "hello!!!!\\n"]) func refusesWhatIsNoAnswer(_ line: String) throws {
        let answer = "00\(line.utf8.count == 10 ? "0d" : "0e")\(line)0000"
        let script = "printf '000eversion=1\\n0000000fstatus 200\\n0000\(answer)'; cat >/dev/null"
        try TransferPlace.with(script) { (place) throws in
            let file = Pointer(oid: ContentHash(of: [7]), size: 1)
            #expect(networkError { _ = try place.client().lacking([file]) }?.code == .refused)
        }
    }

    /// A server that refuses one file gives the others.
    @Test func goesOnAfterAFileThatIsRefused() throws {
        try TransferPlace.with { (place) throws in
            let files = try place.put([10, 20], into: place.there)
            var bytes: [UInt8] = []
            let writer = PacketWriter { (piece) throws(NetworkError) in bytes += piece }
            try writer.message(["version=1"])
            try writer.message(["status 200"])
            func grant() throws {
                try writer.line("status 200")
                writer.delimiter()
                // What nobody asked for does no harm.
                for file in files {
                    try writer.line("\(file.oid.hex) \(file.size) download id=7 token=x expires-in=9")
                }
                writer.flush()
            }
            try grant()
            try writer.line("status 422")
            writer.delimiter()
            writer.flush()
            try grant()
            try writer.line("status 200")
            try writer.line("size=20")
            writer.delimiter()
            try place.bytes(files[1], place.there).withUnsafeBytes { try writer.data($0) }
            writer.flush()
            try writer.send()
            try FileSystem.write(bytes, to: place.host.folder.appending("answers"))
            try place.install("cat answers; cat > asked")
            let error = networkError { _ = try place.client(connections: 1).download(files, to: place.store) }
            #expect(error?.code == .refused && error?.message.contains("status 422") == true)
            #expect(place.store.contains(files[1]) && !place.store.contains(files[0]))
            let asked = String(decoding: try FileSystem.read(place.host.folder.appending("asked")), as: UTF8.self)
            #expect(asked.contains("get-object \(files[1].oid.hex)") && asked.contains("token=x"))
        }
    }
}

import Files
import Glibc
import Serving
import TestSupport
import Testing

/// A server in another process, of which can be seen what it holds.
@Suite(.serialized) struct OutsideTests {
    private let process: ServerProcess
    private let port: UInt16

    init() throws {
        let path = try FileSystem.realPath("/proc/self/exe").parent.appending("served").string
        var name = Array("/tmp/offbeat-served-XXXXXX".utf8CString)
        close(mkstemp(&name))
        let log = FilePath(name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
        defer { unlink(name) }
        let process = try ServerProcess([path], log: log)
        try process.wait { process.words.hasSuffix("\n") }
        self.process = process
        port = try #require(UInt16(process.words.dropLast()))
    }

    private var residentBytes: Int {
        let text = (try? FileSystem.read(FilePath("/proc/\(process.id)/statm"))) ?? []
        let words = String(decoding: text, as: UTF8.self).split(separator: " ")
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private var descriptors: Int {
        guard let folder = opendir("/proc/\(process.id)/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    /// Lets this process have so many descriptors, or as many as it may.
    private func raiseLimit(to count: UInt) -> UInt {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, count))
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur
    }

    @Test func aLargeBodyTakesLittleMemory() throws {
        let size = 256 << 20
        let client = try RawClient(port)
        client.send("PUT /sink HTTP/1.1\r\nHost: here\r\nContent-Length: \(size)\r\n\r\n")
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        client.send(piece)
        let before = residentBytes
        var most = 0
        for _ in 1..<256 {
            guard client.send(piece) else { break }
            most = max(most, residentBytes - before)
        }
        #expect(client.answer()?.text == "\(size)")
        #expect(before > 0 && most < 2 << 20, "\(most) bytes more")
    }

    @Test func aThousandStreamsAreToldAtOnce() throws {
        #expect(raiseLimit(to: 12_000) > 1500)
        let clients = try (0..<1000).map { _ in try RawClient(port) }
        for client in clients { client.send("GET /events HTTP/1.1\r\nHost: here\r\n\r\n") }
        for client in clients {
            #expect(client.line() == "HTTP/1.1 200 OK")
            while let line = client.line(), line != "data: welcome" {}
            #expect(client.line() == "" && client.line() == "")
        }
        let teller = try RawClient(port)
        // Others use this computer too: it is enough to be quick once.
        var best = Double.infinity
        for _ in 0..<5 where best >= 0.1 {
            teller.send("PUT /told HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n")
            let begin = now()
            teller.send("data: hi\n\n")
            for client in clients {
                while let line = client.line(), line != "data: hi" {}
            }
            best = min(best, now() - begin)
            #expect(teller.answer()?.text == "1000")
        }
        #expect(best < 0.1, "\(best) seconds until the last was told")
    }

    @Test func tenThousandConnections() throws {
        let before = descriptors
        let wanted = Int(min(raiseLimit(to: 12_000) - 1000, 10_000))
        var clients: [RawClient] = []
        for number in 0..<wanted {
            let client = try RawClient(port)
            // Of these some ask for something, some only begin to, and most wait.
            if number % 10 == 0 { client.send("GET /bytes/10 HTTP/1.1\r\nHost: here\r\n\r\n") }
            if number % 10 == 1 { client.send("GET /bytes/10 HT") }
            clients.append(client)
        }
        for (number, client) in clients.enumerated() where number % 10 == 0 {
            #expect(client.answer()?.status == 200)
        }
        #expect(eventually { descriptors >= before + wanted })
        #expect(residentBytes < 256 << 20, "\(residentBytes) bytes for \(wanted) connections")
        #expect(clients.last?.ask("GET /bytes/3 HTTP/1.1\r\nHost: here\r\n\r\n")?.text == "aaa")
        clients.removeAll()
        #expect(eventually { descriptors <= before + 1 }, "\(before) descriptors before, \(descriptors) after")
    }

    @Test func descriptorsAreClosedHoweverClientsGo() throws {
        let file = try RawClient(port)
        file.send("PUT /file HTTP/1.1\r\nHost: here\r\nContent-Length: 3000000\r\n\r\n")
        file.send([UInt8](repeating: 1, count: 3_000_000))
        #expect(file.answer()?.status == 200)
        let before = descriptors
        var random = SeededRandom()
        for _ in 0..<300 {
            let client = try RawClient(port)
            let kind = random.next() % 6
            switch kind {
            case 0: client.send("GET /file HTTP/1.1\r\nHost: here\r\n\r\n")
            case 1: client.send("GET /file HTTP/1.1\r\nHost: here\r\nRange: bytes=-0\r\n\r\n")
            case 2: client.send("GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
            case 3: client.send("HEAD /file HTTP/1.1\r\nHost: here\r\n\r\n")
            case 4: client.send("PUT /file HTTP/1.1\r\nHost: here\r\nContent-Length: 3000000\r\n\r\nabc")
            default: client.send("PUT /si")
            }
            if kind < 4, random.next() % 2 == 0 { #expect(client.line() != nil) }
            if random.next() % 2 == 0 { client.reset() }
        }
        #expect(
            eventually(within: 10) { descriptors <= before }, "\(before) before, \(descriptors) after, \(random)")
        #expect(try RawClient(port).ask("GET /bytes/1 HTTP/1.1\r\nHost: here\r\n\r\n")?.text == "a")
    }

    @Test func aSignalStopsIt() throws {
        let streams = try (0..<20).map { _ in try RawClient(port) }
        for stream in streams {
            stream.send("GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
            #expect(stream.line() == "HTTP/1.1 200 OK")
        }
        let slow = try RawClient(port)
        slow.send("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n")
        let idle = try RawClient(port)
        #expect(idle.ask("GET /bytes/1 HTTP/1.1\r\nHost: here\r\n\r\n")?.text == "a")
        usleep(20_000)
        kill(process.id, SIGTERM)
        #expect(idle.all() == "")
        for stream in streams { #expect(stream.all()?.hasSuffix("0\r\n\r\n") == true, "a stream has a proper end") }
        #expect(slow.answer()?.text == "slow", "what is under way comes to its end")
        #expect(slow.isAtEnd)
        var status: Int32 = -1
        #expect(eventually { waitpid(process.id, &status, WNOHANG) == process.id })
        #expect(status == 0)
    }
}

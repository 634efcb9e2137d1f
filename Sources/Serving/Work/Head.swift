import CMicrohttpd
import Glibc

/// How the body of a request is known to end.
enum Framing: Equatable {
    case none
    case length(Int64)
    case chunked

    /// How much of it is still to come after so many bytes.
    func rest(after received: Int64) -> Int64 {
        switch self {
        case .none: 0
        case .length(let length): length - received
        case .chunked: .max
        }
    }
}

/// The head of a request, as libmicrohttpd has read it and where that lies in memory.
///
/// libmicrohttpd 0.9.75 takes what RFC 9112 forbids: bare line feeds, spaces within the first line and before colons, lines
/// that go on in the next (which it puts together wrongly), two lengths. Since it cuts the head into strings where it lies,
/// whether anything was left out or put together can be seen: every string has to begin where the one before ends.
struct Head {
    private(set) var lines: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)] = []
    let method: UnsafeRawBufferPointer
    let version: UnsafeRawBufferPointer
    let target: (bytes: [UInt8], place: UnsafeRawPointer)
    let size: Int
    /// Whether this libmicrohttpd is one that leaves the strings where they came; later ones are strict by themselves.
    let isCutWhereItLies: Bool

    init(
        _ connection: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>,
        target: (bytes: [UInt8], place: UnsafeRawPointer), library: Microhttpd
    ) {
        self.method = UnsafeRawBufferPointer(start: method, count: strlen(method))
        self.version = UnsafeRawBufferPointer(start: version, count: strlen(version))
        self.target = target
        isCutWhereItLies = !library.isStrict
        size = offbeat_mhd_head_size(library.connectionInfo, connection)
        withUnsafeMutablePointer(to: &lines) { lines in
            _ = library.values(
                connection, .HEADER_KIND,
                { context, _, name, nameLength, value, valueLength in
                    // Given below, and alive during the call.
                    context!.assumingMemoryBound(
                        to: [(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)].self
                    ).pointee.append(
                        (
                            UnsafeRawBufferPointer(start: name, count: nameLength),
                            UnsafeRawBufferPointer(start: value, count: valueLength)
                        ))
                    return .YES
                }, lines)
        }
    }

    /// Whether the strings are all that the head is made of, with what HTTP has between them.
    var isTight: Bool {
        guard let start = method.baseAddress, size > 0 else { return false }
        let end = start + size
        var place = start
        /// Steps over bytes that begin here, and over the zeros that libmicrohttpd puts for what ended them.
        func step(over string: UnsafeRawBufferPointer, zeros: Int) -> Bool {
            guard let base = string.baseAddress, base == place, place + string.count + zeros <= end else {
                return false
            }
            place += string.count
            for _ in 0..<zeros {
                guard place.load(as: UInt8.self) == 0 else { return false }
                place += 1
            }
            return true
        }
        let asked = UnsafeRawBufferPointer(start: target.place, count: target.bytes.count)
        guard step(over: method, zeros: 1), step(over: asked, zeros: 1), step(over: version, zeros: 2) else {
            return false
        }
        for (name, value) in lines {
            guard step(over: name, zeros: 1), let base = value.baseAddress, base >= place, base < end else {
                return false
            }
            while place < base {
                guard ASCII.isSpace(place.load(as: UInt8.self)) else { return false }
                place += 1
            }
            guard step(over: value, zeros: 2) else { return false }
        }
        return step(over: UnsafeRawBufferPointer(start: place, count: 0), zeros: 2) && place == end
    }

    // MARK: What it says

    /// Checks it all, and makes what the handler gets.
    func read(_ settings: ServerSettings) throws(Problem) -> (method: String, target: Target, headers: Headers) {
        if target.bytes.count > settings.targetBytes {
            throw Problem(414, "What is asked for may have \(settings.targetBytes) bytes at most.").ending
        }
        if size > settings.headBytes || lines.count > settings.headerCount {
            throw Problem(
                431,
                "The head of a request may have \(settings.headBytes) bytes and \(settings.headerCount) lines at most."
            ).ending
        }
        guard isTight || !isCutWhereItLies else {
            throw .malformed("The head of the request is not written as HTTP wants it.")
        }
        guard ASCII.isToken(method) else { throw .malformed("The method is no name.") }
        var headers = Headers()
        for (name, value) in lines {
            guard ASCII.isToken(name) else { throw .malformed("A header has no proper name.") }
            guard value.allSatisfy(ASCII.isText) else {
                throw .malformed("A header has a control character in it.")
            }
            let last = value.lastIndex { !ASCII.isSpace($0) }.map { $0 + 1 } ?? 0
            headers.append(String(decoding: name, as: UTF8.self), String(decoding: value[..<last], as: UTF8.self))
        }
        return (String(decoding: method, as: UTF8.self), try Target(target.bytes), headers)
    }

    var isOldVersion: Bool { version.elementsEqual("HTTP/1.0".utf8) }
}

extension Headers {
    /// How the body ends; throws where different readers could differ about it.
    func framing(isOldVersion: Bool) throws(Problem) -> Framing {
        let (lengths, codings) = (all("Content-Length"), all("Transfer-Encoding"))
        if !codings.isEmpty {
            guard lengths.isEmpty, !isOldVersion else {
                throw .malformed(
                    "A body has either a length or a transfer coding, and the latter only in HTTP/1.1.")
            }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw Problem(501, "The only transfer coding that is known here is 'chunked'.").ending
            }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, !length.isEmpty, length.utf8.allSatisfy(ASCII.isDigit), let count = Int64(length)
        else {
            throw .malformed("A body has one length, which is a number.")
        }
        return count == 0 ? .none : .length(count)
    }

    /// Whom the request is meant for.
    func host(_ target: Target, isOldVersion: Bool) throws(Problem) -> String {
        let hosts = all("Host")
        guard hosts.count == 1 || hosts.isEmpty && isOldVersion else {
            throw .malformed("A request has one line 'Host'.")
        }
        let host = hosts.first ?? ""
        let marks = Array("-._~%!$&'()*+,;=:[]".utf8)
        guard host.utf8.allSatisfy({ ASCII.isAlphanumeric($0) || marks.contains($0) }) else {
            throw .malformed("The line 'Host' names no host.")
        }
        guard target.authority == nil || target.authority == host else {
            throw .malformed("The line 'Host' names another host than the first line.")
        }
        return host
    }

    /// Whether the client waits for a word before it sends the body.
    func expectsContinue(isOldVersion: Bool) throws(Problem) -> Bool {
        let expected = all("Expect")
        guard expected.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw Problem(417, "The only thing that may be expected here is '100-continue'.").ending
        }
        return !expected.isEmpty && !isOldVersion
    }
}

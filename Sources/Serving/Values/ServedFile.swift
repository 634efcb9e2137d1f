import Glibc
import Synchronization

/// An open file of which a part is to be sent; it is closed afterwards.
public final class ServedFile: Sendable {
    private let descriptor: Mutex<Int32?>
    /// How many bytes it has.
    public let length: Int64

    /// Takes the descriptor over, of a file that has so many bytes.
    public init(descriptor: consuming Int32, length: Int64) {
        self.descriptor = Mutex(descriptor)
        self.length = length
    }

    deinit { if let descriptor = take() { close(descriptor) } }

    /// The descriptor, for whoever closes it from now on; nil where somebody has it already.
    func take() -> Int32? {
        descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
    }
}

extension Response {
    /// Makes the answer to a request for a file: all of it, the part that `Range` asks for, or that there is no such part.
    ///
    /// - Parameters:
    ///   - tag: what names this content and no other, in its quotation marks: `"abc"`. A part is sent only where `If-Range`
    ///     names the same, and nothing at all where `If-None-Match` does.
    public init(file: ServedFile, type: String, tag: String? = nil, to request: Request) {
        let isKnown = tag.map { request.knows($0) } ?? false
        let unchanged = request.headers["If-Range"].map { $0 == tag } ?? true
        let wanted = unchanged && request.method == "GET" ? request.headers["Range"] : nil
        switch ByteRange.Wish(isKnown ? nil : wanted, of: file.length) {
        case _ where isKnown: self.init(304)
        case .part(let range):
            self.init(206, file: file, offset: range.first, length: range.count)
            headers["Content-Range"] = "bytes \(range.first)-\(range.last)/\(file.length)"
        case .nothing:
            self = Problem(416, "The file has \(file.length) bytes.").response
            headers["Content-Range"] = "bytes */\(file.length)"
        case .whole: self.init(200, file: file, offset: 0, length: file.length)
        }
        if status < 300 { headers["Content-Type"] = type }
        headers["Accept-Ranges"] = "bytes"
        headers["ETag"] = tag
    }
}

extension Request {
    /// Whether the client has what that tag names, as its `If-None-Match` says.
    public func knows(_ tag: String) -> Bool {
        func bare(_ tag: some StringProtocol) -> String {
            String(tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...])
        }
        return headers.all("If-None-Match").flatMap { $0.split(separator: ",") }.contains { piece in
            let named = piece.drop { $0 == " " }.prefix { $0 != " " }
            return named == "*" || bare(named) == bare(tag)
        }
    }
}

/// A part of a body: from one byte to another, both of them in it.
struct ByteRange: Equatable {
    let first: Int64
    let last: Int64

    var count: Int64 { last - first + 1 }

    /// What a `Range` line asks for.
    enum Wish: Equatable {
        case whole
        case part(ByteRange)
        case nothing

        /// Reads it for a body of that length. More than one part, other units, and what is no range count as not asked for,
        /// as HTTP allows.
        init(_ header: String?, of length: Int64) {
            self = .whole
            guard let header, let sign = header.firstIndex(of: "="), header[..<sign].lowercased() == "bytes" else {
                return
            }
            let ends = header[header.index(after: sign)...].split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2 else { return }
            let (first, last) = (Self.number(ends[0]), Self.number(ends[1]))
            if ends[0].isEmpty, let last {
                self =
                    last == 0 || length == 0
                    ? .nothing : .part(ByteRange(first: max(0, length - last), last: length - 1))
            } else if let first, ends[1].isEmpty || last.map({ $0 >= first }) ?? false {
                self =
                    first >= length ? .nothing : .part(ByteRange(first: first, last: min(last ?? .max, length - 1)))
            }
        }

        private static func number(_ text: Substring) -> Int64? {
            text.utf8.allSatisfy(ASCII.isDigit) && text.utf8.count < 19 ? Int64(text) : nil
        }
    }
}

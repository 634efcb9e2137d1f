import Glibc

/// A name in the file system: bytes, not text, because Linux lets a name be any bytes but NUL and `/`.
///
/// Two paths are equal when their bytes are. A path with a NUL byte in it names nothing: C is handed the empty string,
/// which no call finds, so that it can never be taken for the shorter name before the NUL.
public struct FilePath: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The bytes, closed by the NUL that C needs.
    private let terminated: [UInt8]

    /// Takes the UTF-8 bytes of `string`.
    public init(_ string: String) {
        self.init(bytes: string.utf8)
    }

    /// Takes the bytes as they are, whether or not they are UTF-8.
    public init(bytes: some Sequence<UInt8>) {
        var terminated = [UInt8]()
        terminated.reserveCapacity(bytes.underestimatedCount + 1)
        terminated.append(contentsOf: bytes)
        terminated.append(0)
        self.terminated = terminated
    }

    /// Takes a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// The bytes of the path.
    public var bytes: [UInt8] { Array(terminated.dropLast()) }

    /// The path as text; bytes that are not UTF-8 become U+FFFD, so it is for people, not for opening.
    public var string: String { String(decoding: terminated.dropLast(), as: UTF8.self) }

    /// The path as text, see ``string``.
    public var description: String { string }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { terminated.count == 1 }

    /// Whether it begins at the root.
    public var isAbsolute: Bool { terminated.first == slash }

    /// Whether `left` comes first, byte by byte.
    public static func < (left: FilePath, right: FilePath) -> Bool {
        left.terminated.lexicographicallyPrecedes(right.terminated)
    }

    /// Calls `body` with the path as a C string that lives only as long as the call.
    @discardableResult
    public func withCString<R, E: Error>(_ body: (UnsafePointer<CChar>) throws(E) -> R) throws(E) -> R {
        // Swift's own `withUnsafeBufferPointer` hands typed errors through.
        try terminated.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(E) -> R in
            // An array of at least one element has a base address.
            let start = UnsafeRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self)
            guard strlen(start) == buffer.count - 1 else { return try body(start + buffer.count - 1) }
            return try body(start)
        }
    }
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")

extension FilePath {
    /// The path one component further; an absolute component is taken as if it were relative.
    public func appending(_ component: String) -> FilePath {
        appending(bytes: component.utf8)
    }

    /// The path further along `other`, which is taken as relative.
    public func appending(_ other: FilePath) -> FilePath {
        appending(bytes: other.terminated.dropLast())
    }

    /// The path one component further, given as bytes.
    public func appending(bytes component: some Collection<UInt8>) -> FilePath {
        var result = terminated
        result.removeLast()
        result.reserveCapacity(result.count + component.count + 2)
        let relative = component.drop { $0 == slash }
        if !result.isEmpty && result.last != slash && !relative.isEmpty { result.append(slash) }
        result.append(contentsOf: relative)
        return FilePath(bytes: result)
    }

    /// The bytes without slashes at the end, except for the root itself.
    private var trimmed: ArraySlice<UInt8> {
        var rest = terminated.dropLast()
        while rest.count > 1, rest.last == slash { rest.removeLast() }
        return rest
    }

    /// What follows the last slash, slashes at the very end aside; nil for the root and for the empty path.
    public var lastComponent: FilePath? {
        let rest = trimmed
        let start = rest.lastIndex(of: slash).map { $0 + 1 } ?? rest.startIndex
        return start == rest.endIndex ? nil : FilePath(bytes: rest[start...])
    }

    /// The directory it lies in: `/` for the root, and `.` for a relative path of one component.
    public var parent: FilePath {
        let rest = trimmed
        guard let end = rest.lastIndex(of: slash) else { return "." }
        var upper = rest[..<end]
        while upper.last == slash { upper.removeLast() }
        return upper.isEmpty ? "/" : FilePath(bytes: upper)
    }

    /// The last component without its extension; a name that only begins with a dot has none.
    public var stem: String {
        guard let name = lastComponent?.bytes else { return "" }
        return String(decoding: name[..<(Self.extensionDot(in: name) ?? name.endIndex)], as: UTF8.self)
    }

    /// What follows the last dot of the last component; nil where there is no dot, or only a leading one.
    public var fileExtension: String? {
        guard let name = lastComponent?.bytes, let position = Self.extensionDot(in: name) else { return nil }
        return String(decoding: name[(position + 1)...], as: UTF8.self)
    }

    /// Whether the bytes end so.
    public func hasSuffix(_ suffix: String) -> Bool {
        terminated.dropLast().suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    private static func extensionDot(in name: [UInt8]) -> Int? {
        guard let position = name.lastIndex(of: dot), position + 1 < name.count else { return nil }
        return name[..<position].allSatisfy { $0 == dot } ? nil : position
    }
}

extension FilePath {
    /// The directory that relative paths are read from.
    public static func currentDirectory() throws(FileError) -> FilePath {
        guard let text = getcwd(nil, 0) else { throw FileError(errno, "find", "the current directory") }
        defer { free(text) }
        return FilePath(bytes: UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// The same place named from the root; nothing is resolved and nothing needs to exist.
    public func absolute() throws(FileError) -> FilePath {
        isAbsolute ? self : try FilePath.currentDirectory().appending(self)
    }
}

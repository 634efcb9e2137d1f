/// A short name made of `[a-z0-9]` and inner hyphens, at most 32 bytes: a handle, a slug or a stem's type.
///
/// Parsed once, strictly, at the edge. Ordered by its bytes.
public struct Name<Kind: Sendable>: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The name.
    public let text: String

    /// Makes a name of text; `nil` unless it matches `[a-z0-9][a-z0-9-]{0,31}`.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard (1...32).contains(bytes.count), bytes.first != UInt8(ascii: "-") else { return nil }
        for byte in bytes where !ASCII.isDigit(byte) && !ASCII.isLower(byte) && byte != UInt8(ascii: "-") {
            return nil
        }
        self.text = String(text)
    }

    /// The name.
    public var description: String { text }

    /// Tells whether `left` stands before `right` in the order of their bytes.
    public static func < (left: Self, right: Self) -> Bool {
        // The grammar is ASCII, where `String` orders by bytes too.
        left.text < right.text
    }
}

/// The kind of a person's handle.
public enum HandleKind: Sendable {}
/// The kind of a workspace's slug.
public enum SlugKind: Sendable {}
/// The kind of a stem's type.
public enum StemTypeKind: Sendable {}

/// What a person is called on the command line.
public typealias Handle = Name<HandleKind>
/// What a workspace is called on the command line.
public typealias Slug = Name<SlugKind>
/// Which part of a track a stem is: `drums`, `vocals`, or whatever a team calls it.
public typealias StemType = Name<StemTypeKind>

/// The extension of an audio or image file in the tree, such as `flac`.
///
/// Never `json`, which belongs to the records beside those files.
public struct FileExtension: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// The extension without its dot.
    public let text: String

    /// Makes an extension of text; `nil` unless it matches `[a-z0-9]{1,8}` and is not `json`.
    public init?(_ text: some StringProtocol) {
        let bytes = text.utf8
        guard (1...8).contains(bytes.count), bytes.allSatisfy({ ASCII.isDigit($0) || ASCII.isLower($0) }) else {
            return nil
        }
        let text = String(text)
        guard text != "json" else { return nil }
        self.text = text
    }

    /// The extension without its dot.
    public var description: String { text }

    /// Tells whether `left` stands before `right` in the order of their bytes.
    public static func < (left: Self, right: Self) -> Bool {
        // The grammar is ASCII, where `String` orders by bytes too.
        left.text < right.text
    }
}

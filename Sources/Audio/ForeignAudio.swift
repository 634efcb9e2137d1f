/// Audio that libsndfile does not read and that another program may.
public struct ForeignAudio: Sendable, Hashable {
    /// The format by its usual short name, which is the usual extension as well: `m4a`, `aac`, `wma`, ….
    public let format: String

    /// Names of files that end so are called audio.
    private static let endings: Set<String> = [
        "3ga", "aac", "ac3", "adts", "alac", "amr", "ape", "dff", "dsf", "dts", "eac3", "m4a", "m4b", "m4r", "mka",
        "mpc", "oma", "ra", "spx", "tak", "tta", "weba", "wma", "wv",
    ]

    /// Looks at a file that is no audio here.
    ///
    /// What is clearly something else, such as text or a picture, is nil whatever it is called. Films have sound too, so
    /// where a file is met by chance its name has to call it audio.
    ///
    /// - Parameters:
    ///   - descriptor: the open file; it stays the caller's.
    ///   - ending: what its name ends with, without the dot.
    ///   - isNamed: whether a person has said that this is audio.
    public init?(descriptor: Int32, ending: String?, isNamed: Bool) {
        guard let source = try? Source(descriptor: descriptor) else { return nil }
        let kind = FileKind(beginning: source.bytes(at: 0, count: FileKind.length))
        let called = ending.map { $0.lowercased() }.flatMap { Self.endings.contains($0) ? $0 : nil }
        guard let found = kind.foreignFormat ?? (kind.isUnknown ? called : nil), isNamed || called != nil else {
            return nil
        }
        format = called ?? found
    }

    /// Whether a name that ends so calls its file audio that only another program may read.
    public static func isCalled(ending: String) -> Bool { endings.contains(ending.lowercased()) }
}

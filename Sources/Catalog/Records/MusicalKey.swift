/// A musical key, written in one way: `A minor`, `F# major`.
public struct MusicalKey: Sendable, Hashable, Comparable {
    /// The tonic in half-tones above C, from 0 to 11.
    public let tonic: Int
    /// Whether it is a minor key.
    public let isMinor: Bool

    /// Makes a key; the tonic counts in half-tones above C, whatever the octave.
    public init(tonic: Int, isMinor: Bool) {
        self.tonic = ((tonic % 12) + 12) % 12
        self.isMinor = isMinor
    }

    /// Reads a key as people write it: `A minor`, `Am`, `F# major`, `f#`, `Bb`, `B♭ min`, `C maj`, `CM`.
    public init?(_ text: some StringProtocol) {
        let scalars = text.unicodeScalars.filter { $0 != " " && $0 != "-" }
        guard let letter = scalars.first.flatMap({ Self.letters[Character($0).lowercased()] }) else { return nil }
        var rest = scalars.dropFirst()
        var tonic = letter
        switch rest.first {
        case "#", "♯": tonic += 1
        case "b", "♭": tonic -= 1
        default: break
        }
        if tonic != letter { rest = rest.dropFirst() }
        let mode = String(String.UnicodeScalarView(rest))
        guard let isMinor = Self.modes[mode] ?? Self.modes[mode.lowercased()] else { return nil }
        self.init(tonic: tonic, isMinor: isMinor)
    }

    private static let letters = ["c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11]
    private static let modes = [
        "": false, "M": false, "maj": false, "major": false, "dur": false,
        "m": true, "min": true, "minor": true, "moll": true,
    ]
    private static let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

    /// Orders keys by tonic from C, major before minor.
    public static func < (left: MusicalKey, right: MusicalKey) -> Bool {
        (left.tonic, left.isMinor ? 1 : 0) < (right.tonic, right.isMinor ? 1 : 0)
    }
}

extension MusicalKey: LosslessStringConvertible {
    /// The tonic, with a sharp where it needs one, and `major` or `minor`.
    public var description: String { "\(Self.names[tonic]) \(isMinor ? "minor" : "major")" }
}

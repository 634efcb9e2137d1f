import CSndfile

/// What the maker of a file wrote about it; nil where nothing useful stands.
public struct AudioTags: Sendable, Hashable {
    /// The title.
    public let title: String?
    /// The artist.
    public let artist: String?
    /// The album.
    public let album: String?
    /// The genre.
    public let genre: String?
    /// The year, from a date in any form that holds four digits.
    public let year: Int?
    /// The number on the album; of `3/12` the first.
    public let trackNumber: Int?
    /// The comment.
    public let comment: String?

    /// Makes tags.
    public init(
        title: String? = nil, artist: String? = nil, album: String? = nil, genre: String? = nil, year: Int? = nil,
        trackNumber: Int? = nil, comment: String? = nil
    ) {
        self.title = title
        self.artist = artist
        self.album = album
        self.genre = genre
        self.year = year
        self.trackNumber = trackNumber
        self.comment = comment
    }
}

extension AudioTags {
    init(_ sound: borrowing SoundFile) {
        self.init(
            title: sound.text(SF_STR_TITLE), artist: sound.text(SF_STR_ARTIST), album: sound.text(SF_STR_ALBUM),
            genre: sound.text(SF_STR_GENRE), year: sound.text(SF_STR_DATE).flatMap(Self.year),
            trackNumber: sound.text(SF_STR_TRACKNUMBER).flatMap(Self.trackNumber),
            comment: sound.text(SF_STR_COMMENT))
    }

    /// Returns the first run of exactly four digits, if it can be a year.
    static func year(in date: String) -> Int? {
        let runs = date.utf8.split { !isDigit($0) }
        guard let digits = runs.first(where: { $0.count == 4 }), let year = Int(Substring(digits)) else {
            return nil
        }
        return year > 0 ? year : nil
    }

    /// Returns the number that the text begins with.
    static func trackNumber(in text: String) -> Int? {
        guard let number = Int(Substring(text.utf8.prefix(while: isDigit))) else { return nil }
        return (1...9999).contains(number) ? number : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Returns a tag's bytes as text without blanks and zeros around it, or nil if nothing is left.
    ///
    /// Old taggers wrote Windows-1252 where UTF-8 belongs: bytes that are no UTF-8 are read as that.
    static func repaired(_ bytes: some Collection<UInt8>) -> String? {
        let text =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map(windows1252)))
        let isBlank = { (scalar: Unicode.Scalar) in scalar.value <= 0x20 || scalar.properties.isWhitespace }
        let scalars = text.unicodeScalars.drop(while: isBlank)
        guard let end = scalars.lastIndex(where: { !isBlank($0) }) else { return nil }
        return String(String.UnicodeScalarView(scalars[...end]))
    }

    private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9f).contains(byte) else { return Unicode.Scalar(byte) }
        return upper[Int(byte) - 0x80]
    }

    /// What Windows-1252 has in the place of Latin-1's control characters; five places are empty.
    private static let upper: [Unicode.Scalar] = [
        "€", "\u{fffd}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{fffd}", "Ž", "\u{fffd}",
        "\u{fffd}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{fffd}", "ž", "Ÿ",
    ]
}

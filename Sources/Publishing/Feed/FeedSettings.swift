/// What a workspace's feed says of itself.
public struct FeedSettings: Sendable, Hashable {
    /// What it is called.
    public var title: String
    /// What it is about.
    public var description: String?
    /// The address under which its folder is served, `https://…`; without one, addresses are those of files.
    public var baseURL: String?
    /// Its picture: an address, or the path of a file in the folder.
    public var image: String?
    /// The language of its texts, as in `en` or `pt-BR`.
    public var language: String?
    /// What podcast directories list it under; a subcategory follows after `>`, as in `Music > Music Commentary`.
    public var category: String?
    /// Whether it is not for children.
    public var isExplicit: Bool
    /// Who answers for it.
    public var author: String?

    /// Describes a feed.
    public init(
        title: String, description: String? = nil, baseURL: String? = nil, image: String? = nil,
        language: String? = nil, category: String? = nil, isExplicit: Bool = false, author: String? = nil
    ) {
        self.title = title
        self.description = description
        self.baseURL = baseURL
        self.image = image
        self.language = language
        self.category = category
        self.isExplicit = isExplicit
        self.author = author
    }

    /// The category and the subcategory.
    var categories: [String] {
        (category ?? "").split(separator: ">").compactMap { part in
            let words = part.split(separator: " ", omittingEmptySubsequences: true)
            return words.isEmpty ? nil : words.joined(separator: " ")
        }
    }

    /// Throws where no feed can be made of them.
    func check() throws(FeedError) {
        guard title.isShown else { throw .setting("the feed has no title; set one with --title") }
        _ = try baseURL.map { text throws(FeedError) in try WebAddress(base: text) }
        guard let language, !Self.isLanguage(language) else { return }
        throw .setting("the feed's language \(language) is none; write it as in en or pt-BR")
    }

    /// Whether the text has the form of a language tag (RFC 5646): parts of up to eight letters and digits.
    private static func isLanguage(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            (1...8).contains(part.count) && part.allSatisfy { Percent.isAlphanumeric($0) }
        } && (parts.first?.count ?? 0) >= 2
    }
}

extension String {
    /// Whether there is anything in it that is not a blank.
    var isShown: Bool { unicodeScalars.contains { !$0.properties.isWhitespace } }
}

extension String? {
    /// The text, or nil where nothing would be seen of it.
    var shown: String? { flatMap { $0.isShown ? $0 : nil } }
}

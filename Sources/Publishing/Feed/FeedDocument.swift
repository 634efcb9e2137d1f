import Catalog
public import Files

/// A feed as readers get it: the same posts as JSON Feed 1.1 and as RSS 2.0 for podcasts.
///
/// It is computed from the settings and the posts alone, so that the same posts give the same bytes, on whichever
/// computer: nothing in it is the time at which it was written.
public struct FeedDocument: Sendable {
    let settings: FeedSettings
    /// The posts, the newest first.
    let items: [Publication]
    let addresses: FeedAddresses
    private let absent: Set<String>

    /// Makes a feed of posts in any order.
    ///
    /// Of several publications of one post the latest stands: a reader knows a post by its identifier.
    ///
    /// - Parameters:
    ///   - folder: where it is to lie, which gives the addresses where the settings name none.
    ///   - absent: the names of files that do not lie there: they are not told of.
    public init(
        _ settings: FeedSettings, _ items: [Publication], in folder: FilePath, without absent: Set<String> = []
    ) throws(FeedError) {
        try settings.check()
        self.settings = settings
        self.items = Self.ordered(items)
        self.absent = absent
        addresses = try FeedAddresses(settings, in: folder)
    }

    private static func ordered(_ items: [Publication]) -> [Publication] {
        var latest: [PostID: Publication] = [:]
        for item in items where latest[item.post].map({ $0.time <= item.time }) ?? true { latest[item.post] = item }
        return latest.values.sorted { ($1.time, $0.post) < ($0.time, $1.post) }
    }

    /// The audio of a post, where there is one to be heard.
    func track(of item: Publication) -> PublishedTrack? {
        item.track.flatMap { absent.contains($0.audio.name) ? nil : $0 }
    }

    /// The address of a post's picture, where there is one to be seen.
    func image(of item: Publication) -> String? {
        item.image.flatMap { absent.contains($0.name) ? nil : addresses.medium($0) }
    }

    /// The address of the feed's own picture.
    var image: String? { settings.image.shown.map(addresses.resolve) }
}

extension PublishedTrack {
    /// How it is announced: `Artist – Title`, as far as known.
    var line: String? {
        let parts = [artist.shown, title.shown].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " – ")
    }
}

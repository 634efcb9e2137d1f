import Catalog
import Digest
import Files

/// Where readers find what lies in a feed's folder: below its address on the web, or, without one, as files.
struct FeedAddresses: Sendable, Hashable {
    /// The address of the folder, with a slash at its end.
    let base: String
    /// Whether it is one on the web.
    let isOnWeb: Bool

    /// Tells the addresses of a feed with these settings in this folder.
    init(_ settings: FeedSettings, in folder: FilePath) throws(FeedError) {
        isOnWeb = settings.baseURL != nil
        if let text = settings.baseURL {
            base = try WebAddress(base: text).text
        } else {
            do throws(FileError) {
                let path = try folder.absolute().bytes
                base = "file://" + Percent.encode(path) + (path.last == UInt8(ascii: "/") ? "" : "/")
            } catch { throw .file(error) }
        }
    }

    /// The address of the feed as JSON.
    var json: String { base + FeedFolder.jsonName }

    /// The address of the feed as RSS.
    var rss: String { base + FeedFolder.rssName }

    /// The address of a post: there are no pages, so it is where the feed tells of it.
    func post(_ id: PostID) -> String { json + "#" + id.hex }

    /// The address of a file of a post.
    func medium(_ medium: Medium) -> String {
        base + Percent.encode("\(FeedFolder.mediaName)/\(medium.name)".utf8)
    }

    /// The address that a setting means: an address, or the path of a file in the folder.
    func resolve(_ text: String) -> String {
        let isAddress = ["https://", "http://", "file://"].contains { text.utf8.starts(with: $0.utf8) }
        return isAddress ? text : base + Percent.encode(text.utf8.drop { $0 == UInt8(ascii: "/") })
    }

    /// What podcast directories know the feed by, as the podcast namespace derives it (a UUID of version 5): from its
    /// address without `https://` and without slashes at the end.
    ///
    /// Nil for a feed that is not on the web: it is to have one for good, and only from its first address there.
    var podcastID: String? {
        guard isOnWeb, let scheme = rss.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = rss.utf8[scheme...].dropFirst(3)
        var bytes = Array(SHA1.hash(of: Self.podcastNamespace + name).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hex.encode(bytes)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }

    /// The UUID ead4c236-bf58-58c6-a2c6-a6b28d128cb6, which the podcast namespace gives for that.
    private static let podcastNamespace: [UInt8] = [
        0xea, 0xd4, 0xc2, 0x36, 0xbf, 0x58, 0x58, 0xc6, 0xa2, 0xc6, 0xa6, 0xb2, 0x8d, 0x12, 0x8c, 0xb6,
    ]
}

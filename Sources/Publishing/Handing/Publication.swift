public import Catalog
public import Digest
public import Files

/// A post as it goes out to one target: what was approved, and nothing else.
public struct Publication: Sendable, Hashable {
    /// The post.
    public let post: PostID
    /// The key under which a target gets it, however often it is tried.
    public let key: PublicationKey
    /// When it goes out.
    public let time: Timestamp
    /// Its title.
    public var title: String?
    /// What it says.
    public var text = ""
    /// Where it is to appear.
    public var platforms: [String] = []
    /// Its image.
    public var image: Medium?
    /// The track that it is about.
    public var track: PublishedTrack?
    /// The name of who wrote it.
    public var author: String?

    /// Describes a post that goes out.
    public init(of post: PostID, key: PublicationKey, at time: Timestamp) {
        self.post = post
        self.key = key
        self.time = time
    }
}

/// What stands for one post with one approved content at one target: the SHA-256 of the canonical JSON of the three.
///
/// It is the same for each attempt, and so is what the target is given to recognise a repetition by.
public struct PublicationKey: Sendable, Hashable, CustomStringConvertible {
    private let hash: ContentHash

    /// Computes the key.
    public init(of post: PostID, content: ContentHash, for target: String) {
        let parts: JSON = [
            "content": .string(content.hex), "post": .string(post.hex), "target": .string(target),
        ]
        hash = ContentHash(of: parts.canonical())
    }

    /// Reads a key as it is written.
    public init?(_ text: String) {
        guard let hash = ContentHash(hex: text) else { return nil }
        self.hash = hash
    }

    /// The key as it is written: 64 digits.
    public var description: String { hash.hex }
}

/// A file that goes out with a post.
public struct Medium: Sendable, Hashable {
    /// The hash of its bytes.
    public let oid: ContentHash
    /// How many bytes it has.
    public let size: Int64
    /// What its name ends in, without the dot.
    public let fileExtension: String
    /// Where its bytes are here; nil where they are not.
    public let file: FilePath?

    /// Describes a file.
    public init(oid: ContentHash, size: Int64, fileExtension: String, file: FilePath?) {
        self.oid = oid
        self.size = size
        self.fileExtension = fileExtension
        self.file = file
    }

    /// What it is called wherever posts' files are served: by what it holds, so that another file has another address.
    public var name: String { "\(oid.hex).\(fileExtension)" }
}

/// The track that a post is about, as the post shows it.
public struct PublishedTrack: Sendable, Hashable {
    /// Its audio.
    public var audio: Medium
    /// What it is called.
    public var title: String?
    /// Who made it.
    public var artist: String?
    /// How long it plays.
    public var milliseconds: Int64?

    /// Describes a track.
    public init(audio: Medium, title: String? = nil, artist: String? = nil, milliseconds: Int64? = nil) {
        self.audio = audio
        self.title = title
        self.artist = artist
        self.milliseconds = milliseconds
    }
}

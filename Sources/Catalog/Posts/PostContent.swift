public import Digest

/// What a decision about a post speaks of: what the post says and shows, and when each part of that was decided.
///
/// It is a fixed list, whatever the targets: the audio and the image, platforms, text and title of the post, and what
/// its track is called. The schedule is no part of it. An approval holds while both hashes are those of the present, so
/// an edit ends it, and so does an edit that puts everything back.
public struct PostContent: Sendable, Hashable {
    /// The track that a post is about.
    public enum Subject: Sendable, Hashable {
        /// The post is about none.
        case none
        /// The post names a track that is not there, or cannot be read. That is a content of its own.
        case absent
        /// A track, and the hash of the file that its pointer names.
        case track(Track, audio: ContentHash)
    }

    /// The fields of a track that belong to the content of its posts, beside the audio.
    static let trackFields = ["album", "artist", "comment", "genre", "title", "year"]

    /// The content, by field.
    let values: JSONObject
    /// The stamp of each field, those of fields without a value too.
    let stampValues: JSONObject

    /// The hash of the content.
    public let hash: ContentHash
    /// The hash of its stamps.
    public let stamps: ContentHash

    /// Takes the content of a post.
    ///
    /// - Parameters:
    ///   - post: the post.
    ///   - image: the hash of the file that its pointer names, where it has one.
    ///   - subject: the track that it is about.
    public init(of post: Post, image: ContentHash?, about subject: Subject) {
        var parts = Parts()
        parts.add("text", post.fields["text"], post.stamp(of: "text"))
        parts.add("title", post.fields["title"], post.stamp(of: "title"))
        parts.add("image", image.map { .string($0.hex) }, post.stamp(of: "image"))
        parts.addPlatforms(of: post)
        // Which track it is follows from no other field, so that taking it away and putting it back counts as an edit.
        parts.add("track", nil, post.stamp(of: "track"))
        switch subject {
        case .none: break
        case .absent: parts.values["audio"] = "absent"
        case .track(let track, let audio): parts.add(track, audio)
        }
        values = parts.values
        stampValues = parts.stamps
        hash = ContentHash(of: JSON.object(values).canonical())
        stamps = ContentHash(of: JSON.object(stampValues).canonical())
    }

    /// Whether a decision speaks of this very content.
    public func isMeant(by decision: Decision) -> Bool { decision.content == hash && decision.stamps == stamps }

    private struct Parts {
        var values = JSONObject()
        var stamps = JSONObject()

        mutating func add(_ name: String, _ value: JSON?, _ stamp: Stamp) {
            values[name] = value
            stamps[name] = .string(stamp.description)
        }

        /// A platform that was taken away has a stamp too: adding one and taking it away again is an edit.
        mutating func addPlatforms(of post: Post) {
            values["platforms"] = .array(post.platforms.map(JSON.string))
            for name in post.fields["platforms"]?.asObject?.keys ?? [] {
                guard let stamp = post.stamp(of: name, in: "platforms") else { continue }
                stamps["platforms.\(name)"] = .string(stamp.description)
            }
        }

        mutating func add(_ track: Track, _ audio: ContentHash) {
            add("audio", .string(audio.hex), track.stamp(of: "audio"))
            for name in PostContent.trackFields {
                add("track.\(name)", track.fields[name], track.stamp(of: name))
            }
        }
    }
}

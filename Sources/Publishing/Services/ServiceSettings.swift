/// How a publishing service is asked: all but the token, which is never kept where others read it.
public struct ServiceSettings: Sendable, Hashable {
    /// The service that the API is named after.
    public static let standardURL = "https://api.ayrshare.com/api"

    /// Where its API begins.
    public var url: String
    /// Which of the accounts behind the token it posts to; nil for the token's own.
    public var profileKey: String?
    /// Where the files of posts can be fetched from by anybody, each by ``Medium/name``; nil where they are nowhere, and
    /// then no post with audio or an image can go out.
    public var mediaURLBase: String?

    /// Describes a service.
    public init(url: String = Self.standardURL, profileKey: String? = nil, mediaURLBase: String? = nil) {
        self.url = url
        self.profileKey = profileKey
        self.mediaURLBase = mediaURLBase
    }
}

/// How patient a service is asked.
struct ServicePace: Sendable {
    /// How often a post is sent at most.
    var attempts = 8
    /// How often it is tried to reach it at most.
    var connections = 3
    /// The pause after the first attempt; each later one is twice as long, up to `longest`.
    var pause: Duration = .seconds(1)
    /// The pause before the links are asked for first; it grows in the same way.
    var poll: Duration = .seconds(1)
    /// The longest pause that is made unasked.
    var longest: Duration = .seconds(30)
    /// For how long links are asked for: people wait for it.
    var polling: Duration = .seconds(30)
}

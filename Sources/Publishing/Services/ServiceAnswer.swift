import Catalog

/// What a service says about one post, as far as it is understood.
struct ServiceAnswer {
    /// What the service calls it; nil where that is nothing that can be asked for.
    private(set) var id: String?
    /// Where it appeared.
    private(set) var links: [String: String] = [:]
    /// Where it failed, and why; "" stands for the whole.
    private(set) var failures: [String: String] = [:]
    /// Where it appeared, or will, without an address so far.
    private(set) var accepted: Set<String> = []
    /// Whether the service has yet to do something about it.
    private(set) var isPending = false
    private var isSuccess = false

    /// Reads it; nil where it says nothing about a post.
    init?(_ json: JSON, fitting request: ServiceRequest) {
        // Where an account has several profiles, each has a post of its own in a list.
        let posts = json["posts"]?.asArray ?? [json]
        guard !posts.isEmpty, posts.count <= Self.limit else { return nil }
        var isUnderstood = false
        for post in posts { isUnderstood = take(post, request) || isUnderstood }
        if !isUnderstood { return nil }
    }

    /// More than any service has platforms.
    private static let limit = 64
    private static let pending = ["pending", "processing", "scheduled", "queued", "awaiting approval"]

    private mutating func take(_ post: JSON, _ request: ServiceRequest) -> Bool {
        let status = post["status"]?.asString?.lowercased()
        id = id ?? post["id"]?.asString.flatMap { Self.isID($0) ? $0 : nil }
        let places = post["postIds"]?.asArray?.prefix(Self.limit) ?? []
        for place in places { take(place: place, request) }
        let errors = post["errors"]?.asArray?.prefix(Self.limit) ?? []
        for error in errors { fail(at: error, request) }
        switch status {
        case "success": isSuccess = true
        case "error":
            if failures.isEmpty, !hasAppeared { fail(at: post, request) }
        case let status? where Self.pending.contains(status): isPending = true
        default: return hasAppeared || !failures.isEmpty
        }
        return true
    }

    private mutating func take(place: JSON, _ request: ServiceRequest) {
        guard let platform = place["platform"]?.asString.map({ request.fit($0, limit: 40) }), !platform.isEmpty
        else {
            return
        }
        switch place["status"]?.asString?.lowercased() {
        case "success":
            if let link = place["postUrl"]?.asString, Self.isLink(link), !request.betrays(link) {
                links[platform] = link
            } else {
                accepted.insert(platform)
            }
        case "error", "failed": fail(at: place, request)
        case let status? where Self.pending.contains(status): accepted.insert(platform)
        default: break
        }
    }

    private mutating func fail(at place: JSON, _ request: ServiceRequest) {
        let platform = place["platform"]?.asString.map { request.fit($0, limit: 40) } ?? ""
        let words = ["message", "details", "error"].lazy.compactMap { place[$0]?.asString }.first
        failures[platform] = request.fit(words ?? "it failed, and it is not said why")
    }

    private static func isID(_ text: String) -> Bool {
        1...128 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 2_048
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace }
    }

    // MARK: What follows from it

    /// Whether it is out anywhere, or will be.
    var isTaken: Bool { hasAppeared || isPending || (isSuccess && failures.isEmpty) }

    /// Whether a platform is named where it is out, or will be.
    var hasAppeared: Bool { !links.isEmpty || !accepted.isEmpty }

    /// Whether each platform has its address or a failure, by whatever name the service knows it.
    func isComplete(for platforms: [String]) -> Bool {
        if isPending || !accepted.isEmpty { return false }
        if links.count + failures.count >= platforms.count { return true }
        return platforms.allSatisfy { links[$0] != nil || failures[$0] != nil } || failures[""] != nil
    }

    /// The failures in one line.
    var reason: String {
        let parts = failures.sorted { $0.key < $1.key }.prefix(8).map {
            $0.key.isEmpty ? $0.value : "\($0.key): \($0.value)"
        }
        return parts.joined(separator: "; ")
    }

    /// Whether it speaks of a key that was used before.
    var speaksOfKey: Bool { failures.values.contains { $0.lowercased().contains("idempotency") } }

    /// A later answer, with the addresses that an earlier one had.
    func following(_ earlier: ServiceAnswer) -> ServiceAnswer {
        var answer = self
        answer.id = id ?? earlier.id
        answer.links = earlier.links.merging(links) { $1 }
        return answer
    }

    /// What it comes to for the platforms that were asked for. What is said of the whole holds for those of which nothing
    /// else is said.
    func sent(to platforms: [String]) -> HandOff {
        var failures = failures
        if let words = failures.removeValue(forKey: "") {
            for platform in platforms where failures[platform] == nil && !accepted.contains(platform) {
                failures[platform] = words
            }
        }
        for platform in links.keys { failures[platform] = nil }
        return .sent(links: links, failures: failures)
    }
}

/// What a server says beside its report: mostly why it refuses.
final class ServerWords {
    /// The lines, without who says so, and without what only frames them.
    private(set) var all: [String] = []
    private static let limit = 40

    func add(_ line: String) {
        let plain = Self.withoutHost(line)
        guard all.count < Self.limit, plain.contains(where: \.isLetter), all.last != plain else { return }
        all.append(plain)
    }

    private static func withoutHost(_ line: String) -> String {
        var line = line.drop { $0 == " " }
        for prefix in ["remote: ", "GitLab: ", "Gitea: ", "Forgejo: ", "error: "] where line.hasPrefix(prefix) {
            line = line.dropFirst(prefix.count).drop { $0 == " " }
        }
        return String(line)
    }
}

import Catalog
import Files
import Synchronization

/// The time zones that this computer knows, each read when first asked for.
final class Zones: Sendable {
    /// Where Linux keeps them.
    static let usualPlace: FilePath = "/usr/share/zoneinfo"

    private let directory: FilePath
    private let known = Mutex<[String: ZoneRules?]>([:])

    init(in directory: FilePath = Zones.usualPlace) { self.directory = directory }

    /// How the clocks of a zone go; nil for a name that is none.
    subscript(name: String) -> ZoneRules? {
        known.withLock { known in
            if let rules = known[name] { return rules }
            let rules = read(name)
            known[name] = .some(rules)
            return rules
        }
    }

    /// A name such as `Europe/Berlin` or `Etc/GMT+5`, and nothing that leads elsewhere.
    private func read(_ name: String) -> ZoneRules? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            part.utf8.first.map { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") } ?? false
                && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") }
        }
        // These two hold all zones once more, counted otherwise.
        guard isName, parts[0] != "right", parts[0] != "posix" else { return nil }
        return (try? FileSystem.read(directory.appending(name), limit: ZoneRules.sizeLimit))
            .flatMap { ZoneRules(file: $0) }
    }

    /// The moment of a schedule; nil where its zone is not known here.
    func moment(of schedule: Post.Schedule, in workspace: Workspace) -> Timestamp? {
        (schedule.zone ?? workspace.zone).flatMap { self[$0] }?.moments(of: schedule.local).moment
    }

    /// Refuses a name that is no zone.
    func require(_ name: String) throws(Failure) -> ZoneRules {
        if let rules = self[name] { return rules }
        if !FileSystem.exists(directory.appending("UTC")) {
            throw Failure(
                .notFound, "this computer has no time zones at \(directory)", hint: "install the package tzdata")
        }
        throw Failure(
            .usage, "\(name) is no time zone that this computer knows",
            hint: "write it as Europe/Berlin, America/New_York or UTC; `ls \(directory)` lists them")
    }
}

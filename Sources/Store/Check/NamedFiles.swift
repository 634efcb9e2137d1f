import Blobs
import Digest
import Git

/// The files that versions name, as little of each as a great library allows.
struct NamedFiles {
    /// Where a file is named.
    struct Mention {
        let pointer: Pointer
        /// The pointer's own object.
        let blob: ObjectID
        /// A version whose tree has it; nil where a tag holds it by itself.
        let version: ObjectID?
    }

    private(set) var all: [ContentHash: Mention] = [:]

    mutating func add(_ pointer: Pointer, _ blob: ObjectID, _ version: ObjectID?) {
        guard !pointer.isEmpty, all[pointer.oid] == nil else { return }
        all[pointer.oid] = Mention(pointer: pointer, blob: blob, version: version)
    }

    subscript(oid: ContentHash) -> Mention? { all[oid] }

    /// Where each of these pointers lies in the versions that they were met in. What cannot be read is passed over.
    static func paths(of mentions: [Mention], in repository: Repository) -> [ObjectID: TreePath] {
        var found: [ObjectID: TreePath] = [:]
        for (version, group) in Dictionary(grouping: mentions, by: \.version) {
            guard let version, let root = try? repository.readCommit(version).tree else { continue }
            var wanted = Set(group.map(\.blob))
            var pending = [(id: root, path: TreePath.root)]
            while !wanted.isEmpty, let (id, path) = pending.popLast() {
                for entry in (try? repository.readTree(id))?.entries ?? [] {
                    if entry.isTree {
                        pending.append((entry.id, path.appending(entry.name)))
                    } else if wanted.remove(entry.id) != nil {
                        found[entry.id] = path.appending(entry.name)
                    }
                }
            }
        }
        return found
    }
}

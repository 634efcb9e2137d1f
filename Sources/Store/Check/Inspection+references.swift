import Git

extension Inspection {
    /// Looks at `HEAD`, branches, tags and packed references; gives what can be walked from.
    func inspectReferences() throws(StoreError) -> [Reference] {
        let readings = try StoreError.wrapping("read", "the references") { () throws(GitError) in
            try Repository.readReferences(at: path)
        }
        let names = Set(readings.map(\.name))
        var references: [Reference] = []
        for reading in readings {
            switch reading.content {
            case .unreadable(let reason): add(Self.unreadable(reading.name, reason))
            case .symbolic(let target)
            where !names.contains(target) && (reading.name != "HEAD" || names.contains(Store.head)):
                add(Self.unreadable(reading.name, "it leads to \(target), which is not there"))
            case .symbolic: break
            case .id(let id):
                if isThere(id, for: reading.name) { references.append(Reference(name: reading.name, id: id)) }
            }
        }
        counts.refs = readings.count
        if !names.contains(Store.head) {
            add(Self.unreadable(Store.head, "it is missing, and with it the library's present version"))
        }
        // The branch first: what hangs on it is told by its name.
        return references.filter { $0.name == Store.head } + references.filter { $0.name != Store.head }
    }

    private static func unreadable(_ name: String, _ reason: String) -> Problem {
        switch name {
        case "HEAD":
            Problem(
                .ref, name, "HEAD cannot be read: \(reason)", "`offbeat fsck --repair` makes it anew", remedy: .head
            )
        case "packed-refs":
            Problem(
                .ref, name, reason, "`offbeat fsck --repair` keeps the lines that can be read",
                remedy: .packedReferences)
        default:
            Problem(
                .ref, name, "\(name) cannot be read: \(reason)", "`offbeat fsck --repair` looks for it in its log",
                remedy: .reference(name))
        }
    }

    private func isThere(_ id: ObjectID, for name: String) -> Bool {
        do throws(GitError) {
            let kind = try repository.header(id).kind
            guard name.hasPrefix("refs/heads/"), kind != .commit else { return true }
            // An object whose bytes are another's is damaged itself, and is told so by the walk.
            guard (try? repository.readObject(id, limit: 1 << 20)) != nil else { return true }
            add(Self.unreadable(name, "it names \(id.hex), which is a \(kind.word) and no version"))
        } catch {
            guard error.code == .notFound else { return true }
            add(Self.unreadable(name, "it names \(id.hex), which is not there"))
        }
        return false
    }
}

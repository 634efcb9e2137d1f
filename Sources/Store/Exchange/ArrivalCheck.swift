import Catalog
import Git

extension Store {
    /// Refuses a version that has arrived, if this program could not work with it or would be held up by it without end.
    ///
    /// All objects below the version must be in the repository; nothing else is changed. Only the version itself is looked
    /// at, not those that it was made from, and of it only what differs from `head`: our own, nil where there is none yet.
    /// What is merely odd is carried: one version that somebody made by hand must not stop a team.
    ///
    /// - Throws: `.newerFormat` where a later program wrote it, `.refused` where it is another store's or beyond all
    ///   bounds; the message names the path.
    public func checkArrival(_ version: Version, over head: Version?) throws(StoreError) {
        var check = try ArrivalCheck(of: version, over: head, in: self)
        try check.run()
    }

    /// Refuses a version of the analyses that has arrived, if it is beyond all bounds, as `checkArrival` does.
    public func checkAnalysesArrival(_ version: Version, over head: Version?) throws(StoreError) {
        let root = try ArrivalCheck.refusing("version \(version.short) of the analyses") { () throws(GitError) in
            try repository.readCommit(version.id).tree
        }
        var shape = ShapeCheck(in: repository)
        try shape.check(root, over: head.map { (head) throws(StoreError) in try commit(of: head).tree })
    }
}

/// Looks at a version that has arrived, before anything of it is believed.
struct ArrivalCheck {
    private let version: Version
    private let arrived: Snapshot
    private let own: Snapshot?
    private var shape: ShapeCheck

    /// How many folders were read to find out how large the version is.
    var treesRead: Int { shape.treesRead }

    init(of version: Version, over head: Version?, in store: Store) throws(StoreError) {
        self.version = version
        let root = try Self.refusing("version \(version.short)") { () throws(GitError) in
            try store.repository.readCommit(version.id).tree
        }
        arrived = Snapshot(version: version, root: root, repository: store.repository)
        own = try head.map { (head) throws(StoreError) in
            Snapshot(version: head, root: try store.commit(of: head).tree, repository: store.repository)
        }
        shape = ShapeCheck(in: store.repository)
    }

    mutating func run() throws(StoreError) {
        // First, for a later format may be of another shape as well.
        let record = try storeRecord()
        if let own = try own?.info(), own.id != record.id {
            throw Self.refusal(
                "\(RecordPath.store.text) of version \(version.short) is another store's: its id is \(record.id), ours is \(own.id)",
                hint: "name the remote that this store was cloned from")
        }
        try shape.check(arrived.root, over: own?.root)
    }

    // MARK: The store's record

    private func storeRecord() throws(StoreError) -> StoreRecord {
        let path = RecordPath.store.text
        let place = "\(path) of version \(version.short)"
        let root = try Self.refusing("the root of version \(version.short)") { () throws(GitError) in
            try arrived.repository.readTree(arrived.root)
        }
        guard let entry = EntryName(path).flatMap({ root[$0] }), entry.mode == .blob || entry.mode == .executable
        else {
            throw Self.refusal(
                "version \(version.short) has no \(path), so it is no version of a store",
                hint: "name the remote that this store was cloned from")
        }
        let bytes = try Self.refusing(place) { () throws(GitError) in
            try arrived.repository.readBlob(entry.id, limit: Catalog.recordLimit)
        }
        do { return try StoreRecord.readStore(bytes) } catch {
            if error.code == .newerFormat {
                throw StoreError(
                    .newerFormat, "\(place): \(error.reason)", hint: "upgrade Offbeat here; nothing was changed")
            }
            throw Self.refusal("\(place) cannot be read: \(error.reason)")
        }
    }

    // MARK: Refusing

    static func refusal(_ message: String, hint: String? = nil) -> StoreError {
        StoreError(
            .refused, message,
            hint: hint ?? "nothing was changed here; whoever made that version has to take it back")
    }

    /// Reads something of what has arrived. What is there and cannot be read is no damage of ours.
    static func refusing<R>(_ what: @autoclosure () -> String, _ step: () throws(GitError) -> R) throws(StoreError)
        -> R
    {
        do { return try step() } catch {
            switch error.code {
            case .tooLarge, .wrongKind, .corrupt: throw refusal("\(what()) cannot be read: \(error.message)")
            default: throw StoreError(error, verb: "read", what: what())
            }
        }
    }
}

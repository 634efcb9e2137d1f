import Catalog
import Digest
import Publishing
import Store
import Sync

/// Which repository decides who publishes: the first remote, and this store as long as it has none.
///
/// It is known by a random id, which stands in the store's record and at the repository itself. So everybody who has that
/// record asks the same one, by whatever address they reach it.
extension Library {
    /// The arbiter, chosen now if none was so far.
    ///
    /// - Throws: `.offline` where it cannot be reached.
    func arbiter(by person: Person?) throws -> ReferenceArbiter {
        let remotes = try remotesByRank()
        guard let id = try store.snapshot().info().arbiter else {
            return try chooseArbiter(among: remotes, by: person)
        }
        let own = ReferenceArbiter(references: try FolderReferences(ofStoreAt: path), remote: nil)
        // Also where it was cut off while it moved.
        if try own.knownID == id {
            if let first = remotes.first, let reached = try? reach(first) {
                return try move(own, to: reached, by: person)
            }
            if try own.isCopied(from: store) { throw Self.isCopy }
            return own
        }
        var trouble: (any Error)?
        for remote in remotes {
            do {
                let found = try reach(remote)
                if try found.id == id { return found }
            } catch { trouble = trouble ?? error }
        }
        if let trouble { throw trouble }
        throw Failure(
            .offline, "who publishes is decided at a repository that is none of this store's remotes",
            hint: "sync the laptop that published last, or add its remote: `offbeat remote add`")
    }

    /// Lets a remote decide from now on, if it is the first, where this store has done so until now: else others would never
    /// be able to ask.
    func moveArbiter(to remote: Remote, _ progress: Progress) throws {
        guard let id = try store.snapshot().info().arbiter else { return }
        let own = ReferenceArbiter(references: try FolderReferences(ofStoreAt: path), remote: nil)
        guard try own.knownID == id, try remotesByRank().first == remote else { return }
        _ = try move(own, to: reach(remote, progress), by: nil)
    }

    /// Of two copies each would decide alone, and both would publish.
    private static var isCopy: Failure {
        Failure(
            .offline, "this store is a copy of the one that decides who publishes",
            hint: "add a remote that both have, and sync: `offbeat remote add`")
    }

    /// Origin first.
    private func remotesByRank() throws -> [Remote] {
        let all = try store.remotes()
        return all.filter { $0.name == "origin" } + all.filter { $0.name != "origin" }
    }

    private func reach(_ remote: Remote, _ progress: Progress = .none) throws -> ReferenceArbiter {
        ReferenceArbiter(references: try link(to: remote, progress).references(for: store), remote: remote)
    }

    private func chooseArbiter(among remotes: [Remote], by person: Person?) throws -> ReferenceArbiter {
        let chosen =
            try remotes.first.map { try reach($0) }
            ?? ReferenceArbiter(references: FolderReferences(ofStoreAt: path), remote: nil)
        let id = try chosen.makeID(using: store.context.random, at: remotes.isEmpty ? store.placeMark : nil)
        // Somebody else may have said it already.
        try pull(from: chosen)
        if try store.snapshot().info().arbiter == nil { try note(id, by: person) }
        return chosen
    }

    /// Both are told before the record is: whoever still asks the old one finds there that it has moved.
    private func move(
        _ old: ReferenceArbiter, to new: ReferenceArbiter, by person: Person?
    ) throws -> ReferenceArbiter {
        let id = try new.makeID(using: store.context.random)
        _ = try old.references.create(ReferenceArbiter.movedName, standingFor: ReferenceArbiter.encoded(id))
        // No other claim counts there from now on. Those that stand go along: somebody may have been cut off.
        for claim in try old.claims() {
            _ = try new.references.create(claim.name, standingFor: claim.encoded)
            try old.release(claim)
        }
        try note(id, by: person)
        return new
    }

    private func note(_ id: ArbiterID, by person: Person?) throws {
        try store.write(by: person) { draft in
            var info = try draft.base.info()
            try info.set("arbiter", to: .string(id.hex), at: draft.stamp(after: info.stamp(of: "arbiter")))
            try draft.put(info)
            return "Say who decides who publishes"
        }
    }
}

extension ReferenceArbiter {
    /// By what it is known; nil where it never was an arbiter, or is none any more.
    var id: ArbiterID? {
        get throws {
            if try references.reference(Self.movedName) != nil { return nil }
            return try knownID
        }
    }

    /// By what it is known, also where it is none any more.
    fileprivate var knownID: ArbiterID? {
        get throws { try references.reference(Self.name).flatMap { Self.decoded($0.bytes) } }
    }

    /// Whether it was chosen in another directory, of which a store is a copy.
    fileprivate func isCopied(from store: Store) throws -> Bool {
        guard let bytes = try references.reference(Self.name)?.bytes, let document = try? JSON.parse(bytes),
            let place = document["place"]?.asString
        else { return false }
        return try place != store.placeMark.hex
    }

    /// By what it is known, chosen now if it was not so far; of several who choose at once, one does.
    ///
    /// - Parameter place: what tells a store that decides itself from its copies.
    func makeID(using random: RandomSource, at place: ContentHash? = nil) throws -> ArbiterID {
        var random = random
        let id = ArbiterID.random(using: &random)
        if try references.create(Self.name, standingFor: Self.encoded(id, at: place)) { return id }
        guard let found = try references.reference(Self.name).flatMap({ Self.decoded($0.bytes) }) else {
            throw Failure(
                .damaged, "\(Self.name) at \(references.place) cannot be read",
                hint: "remove it there with `git update-ref -d`; it is made anew then")
        }
        return found
    }

    static func encoded(_ id: ArbiterID, at place: ContentHash? = nil) -> [UInt8] {
        var document: JSONObject = ["arbiter": .string(id.hex)]
        document["place"] = place.map { .string($0.hex) }
        return JSON.object(document).canonical()
    }

    private static func decoded(_ bytes: [UInt8]?) -> ArbiterID? {
        bytes.flatMap { try? JSON.parse($0) }?["arbiter"]?.asString.flatMap { ArbiterID($0) }
    }
}

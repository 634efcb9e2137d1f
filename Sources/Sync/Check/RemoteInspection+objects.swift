import Blobs
import Git
import Store

extension RemoteInspection {
    /// Reads what the branches stand at, and finds the files that it names; then what leads there.
    func inspectObjects() throws {
        if check.request.isDeep { try inspectPacks() }
        let repository = check.repository.objects
        var walk = ReachableObjects(in: repository)
        var isWhole = true
        for (branch, head) in heads {
            try walk.walk(from: head, of: branch, endingAt: { _ in true }) { visit in
                try advance(walked: &counts.objects)
                isWhole = tell(visit) && isWhole
                if case .blob(_, let text?, _, let place) = visit, let pointer = Pointer.parse(text)?.pointer,
                    named[pointer] == nil
                {
                    named[pointer] = Self.words(for: place)
                }
            }
        }
        for (branch, head) in heads {
            guard let commit = try? repository.readCommit(head) else { continue }
            for parent in commit.parents where try !isBelieved(parent) {
                try walk.walk(from: parent, of: branch, endingAt: isBelieved) { visit in
                    try advance(walked: &counts.objects)
                    isWhole = tell(visit) && isWhole
                }
            }
        }
        counts.objects = walk.count
        if check.request.isDeep { return try inspectLooseObjects() }
        // What is missing may be missing because of its pack.
        if !isWhole { try inspectPacks() }
    }

    /// Whether a version was there at the last sync, with all that leads to it.
    func isBelieved(_ id: ObjectID) throws -> Bool {
        if check.request.isDeep { return false }
        return try seen.all.contains { try check.store.leads(from: Version(id), to: Version($0)) }
    }

    private func advance(walked: inout Int) throws {
        walked += 1
        guard walked % 256 == 0 else { return }
        try check.watch.checkStopped()
        check.watch.report("Checking objects at the remote", Int64(walked), nil, false)
    }

    /// Tells of what cannot be read; answers whether it can.
    private func tell(_ visit: ReachableObjects.Visit) -> Bool {
        guard case .unreadable(let id, let kind, let place, let error) = visit else { return true }
        let reason = error.code == .notFound ? "is missing" : "is damaged (\(error.message))"
        let subject =
            kind == .commit && place.version == nil ? "the version of \(place.reference)" : Self.words(for: place)
        add(
            .object, id.hex, "\(subject) \(self.place) \(reason)",
            "`offbeat fsck --remote --repair` brings it again if it is here; else say that on the laptop that pushed it",
            remedy: .object(id))
        return false
    }

    private static func words(for place: ReachableObjects.Place) -> String {
        let version = place.version.map { "version \(Version($0).short)" } ?? place.reference
        guard let path = place.path else { return "the version before \(version)" }
        return path.isRoot ? "the tree of \(version)" : "\(path) in \(version)"
    }

    // MARK: Every stored byte

    private func inspectPacks() throws {
        try Repository.checkPacks(at: check.path) { reading, _ in
            try check.watch.checkStopped()
            let (what, fault): (String, String) =
                switch reading.fault {
                // What was cut off while it was written, or is being taken away, is nothing that anybody misses.
                case nil, .packMissing, .indexMissing: ("", "")
                case .indexDamaged(let reason):
                    ("\(reading.name).idx", "the index of a pack \(place) is damaged: \(reason)")
                case .packDamaged(let reason): ("\(reading.name).pack", "a pack \(place) is damaged: \(reason)")
                }
            guard !fault.isEmpty else { return }
            add(
                .pack, "objects/pack/\(what)", fault,
                "`offbeat fsck --remote --repair` keeps what is sound in it and brings the rest again",
                remedy: .pack(reading.name))
        }
    }

    private func inspectLooseObjects() throws {
        var met = 0
        try check.repository.objects.checkLooseObjects { id, error in
            try advance(walked: &met)
            guard let error else { return }
            add(
                .object, id.hex, "the object's own file \(place) is damaged (\(error.message))",
                "`offbeat fsck --remote --repair` moves it aside", remedy: .object(id))
        }
    }
}

import Blobs
import Files
import Git

extension Inspection {
    /// Looks at every byte of every pack.
    func inspectPacks() throws {
        var incomplete: [PackReading] = []
        try Repository.checkPacks(at: path) { reading, _ in
            try watch.checkStopped()
            counts.packs += 1
            if reading.fault == .indexMissing || reading.fault == .packMissing {
                incomplete.append(reading)
            } else if let fault = reading.fault {
                add(Self.problem(reading, fault))
            }
        }
        unfinishedPacks = incomplete
    }

    private static func problem(_ reading: PackReading, _ fault: PackReading.Fault) -> Problem {
        let what = "objects/pack/\(reading.name)"
        let remedy = Remedy.pack(reading)
        return switch fault {
        case .packMissing:
            Problem(
                .pack, "\(what).pack", "the pack is missing, there is only its index",
                "`offbeat fsck --repair` looks for its objects elsewhere", remedy: remedy)
        case .indexMissing:
            Problem(
                .pack, "\(what).idx",
                "the index is missing, so nothing in its pack is found", "`offbeat fsck --repair` makes it anew",
                remedy: remedy)
        case .indexDamaged(let reason):
            Problem(
                .pack, "\(what).idx", "the index is damaged: \(reason)", "`offbeat fsck --repair` makes it anew",
                remedy: remedy)
        case .packDamaged(let reason):
            Problem(
                .pack, "\(what).pack",
                "the pack is damaged: \(reason)", "`offbeat fsck --repair` keeps what is sound in it",
                remedy: remedy)
        }
    }

    /// Reads everything that the references lead to, and finds the files that it names.
    func inspectHistory(of references: [Reference]) throws {
        var walk = ReachableObjects(in: repository)
        var isWhole = true
        var met = 0
        for reference in references {
            try walk.walk(from: reference.id, of: reference.name) { visit in
                met += 1
                try advance("Checking objects", met)
                switch visit {
                case .commit(let id, _):
                    counts.versions += 1
                    guard id == reference.id, reference.name.hasPrefix("refs/heads/") else { return }
                    branchHeads.insert(id)
                    if reference.name == Store.head { head = Version(id) }
                case .blob(let id, let text?, _, let place):
                    if let pointer = Pointer.parse(text)?.pointer { named.add(pointer, id, place.version) }
                case .blob: break
                case .unreadable(let id, let kind, let place, let error):
                    isWhole = false
                    add(Self.problem(id, kind, place, error))
                }
            }
        }
        counts.objects = walk.count
        tellUnfinishedPacks(isWhole: isWhole && head != nil)
    }

    /// A program that was killed while it gave names leaves a pack without its index, and nobody misses that; where
    /// objects are missed it is what holds them.
    private func tellUnfinishedPacks(isWhole: Bool) {
        for reading in unfinishedPacks {
            guard let fault = reading.fault, !isWhole else {
                counts.leftovers += 1
                continue
            }
            add(Self.problem(reading, fault))
        }
    }

    private static func problem(
        _ id: ObjectID, _ kind: ObjectKind, _ place: ReachableObjects.Place, _ error: GitError
    ) -> Problem {
        let reason = error.code == .notFound ? "is missing" : "is damaged (\(error.message))"
        let version = place.version.map { "version \(Version($0).short)" }
        let whole =
            switch (kind, place.path) {
            case (.commit, _):
                version.map { "the version before \($0)" } ?? "the version that \(place.reference) names"
            case (_, let path?) where !path.isRoot: "\(path) in \(version ?? place.reference)"
            case (.tag, _): "the tag \(place.reference)"
            default: "the tree of \(version ?? place.reference)"
            }
        return Problem(
            .object, id.hex,
            "\(whole) \(reason)", "`offbeat fsck --repair` looks for it in packs and remotes, and keeps the rest",
            remedy: .object(id, kind))
    }

    /// Looks at all objects in files of their own, needed or not.
    func inspectLooseObjects() throws {
        var met = 0
        try repository.checkLooseObjects { id, error in
            met += 1
            try advance("Checking stored objects", met)
            guard let error, FileSystem.exists(repository.looseFile(of: id)) else { return }
            add(
                Problem(
                    .object, id.hex, "the object's own file is damaged (\(error.message))",
                    "`offbeat fsck --repair` moves it aside", remedy: .object(id, .blob)))
        }
        counts.objects = max(counts.objects, met)
    }
}

import Files
import Store

extension Scratches {
    /// Takes a scratch store away with all that is in it. The cost follows what the guest wrote.
    ///
    /// - Parameter evenInUse: whether programs that are at work in it are passed over.
    /// - Throws: `.inUse` where a program is at work in it.
    public func end(_ scratch: Scratch, evenInUse: Bool = false) throws {
        try takeAway(scratch.path, of: scratch.id, evenInUse: evenInUse)
    }

    /// Takes away the one of an id, or of the first digits of one, even if it cannot be read; gives the whole id.
    public func end(_ id: String) throws -> GuestID {
        let place = try place(id)
        try takeAway(place.path, of: place.id, evenInUse: false)
        return place.id
    }

    func takeAway(_ path: FilePath, of id: GuestID, evenInUse: Bool) throws {
        let alone = try ScratchUse.take(path, shared: false)
        guard evenInUse || alone != nil || !FileSystem.exists(path) else {
            throw GuestError(
                .inUse, "a program is at work as guest \(id)",
                hint: "try again when it is done, or end that program")
        }
        // The lock is let go of last: who comes in between would be at work in what is just going.
        try withExtendedLifetime(alone) { try erase(path) }
    }

    /// In one step it is no scratch store any more; what is then left when this is cut off is swept by whoever comes next.
    func erase(_ path: FilePath) throws {
        let grave = try TemporaryDirectory(in: folder)
        do throws(FileError) { try FileSystem.rename(path, to: grave.path.appending("ended")) } catch {
            // Somebody else was faster.
            if error.isAbsent { return }
            throw error
        }
        grave.remove()
    }

    /// Takes away what nobody needs any more: those whose time is over, those of a program that is gone, and what was cut
    /// off while it was made or taken away. Never one in which a program is at work. Answers how many.
    ///
    /// - Parameter spared: one that stays in any case.
    @discardableResult
    public func sweep(sparing spared: String? = nil) throws -> Int {
        guard try hasFolder() else { return 0 }
        let now = Int64(clamping: store.context.now())
        try TemporaryDirectory.sweep(in: folder)
        var swept = 0
        for place in try places() where try isOver(place, now) {
            if let spared, place.id.hex.hasPrefix(spared) { continue }
            guard let alone = try ScratchUse.take(place.path, shared: false, patience: 0) else { continue }
            // The lock is let go of last, or somebody would begin to keep the work that is just going.
            try withExtendedLifetime(alone) { try erase(place.path) }
            swept += 1
        }
        return swept
    }

    private func isOver(_ place: Place, _ now: Int64) throws(FileError) -> Bool {
        if let pass = place.pass { return pass.expires <= now || pass.isForOneRun }
        // What a power cut has left of one; not at once, for somebody may be about to mend it.
        guard let status = try FileSystem.statusIfExists(of: place.path) else { return false }
        return now / 1000 - status.modified.seconds > 86_400
    }
}

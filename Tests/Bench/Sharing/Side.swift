import Files

/// One of those who share something, whatever program they use.
struct Side {
    /// Their repository.
    let path: FilePath
    /// Changes one thing and makes a version of it, here only.
    let change: () throws -> Reading
    /// Brings what is new here to the remote.
    let push: () throws -> Reading
    /// Brings what is new at the remote here.
    let pull: () throws -> Reading
}

/// Two who share something with the same program.
///
/// After each run it is looked whether they have what they should: a program that did nothing would be the fastest.
struct Pair {
    let name: String
    let one: Side
    let other: Side
    let workshop: Workshop

    /// Making a change and bringing it to the remote, both measured.
    var changing: Contestant {
        Contestant(name: name, run: { try one.change() + one.push() }, clear: requirePushed)
    }

    /// Bringing a change to the remote.
    var pushing: Contestant {
        Contestant(name: name, prepare: { _ = try one.change() }, run: one.push, clear: requirePushed)
    }

    /// Getting a change that the other one has made.
    var pulling: Contestant {
        Contestant(
            name: name, prepare: { _ = try one.change() + one.push() }, run: other.pull, clear: requirePulled)
    }

    private func requirePushed() throws {
        guard try version(of: one, "origin/main") == version(of: one, "main") else {
            throw BenchError("\(name) has not pushed what was changed")
        }
    }

    private func requirePulled() throws {
        guard try version(of: other, "main") == version(of: one, "main") else {
            throw BenchError("\(name) has not pulled what was changed")
        }
    }

    private func version(of side: Side, _ branch: String) throws -> [String] {
        try workshop.lines(["git", "-C", side.path.string, "rev-parse", branch])
    }
}

extension Reading {
    /// What two programs took, one after the other.
    static func + (first: Reading, second: Reading) -> Reading {
        Reading(
            seconds: first.seconds + second.seconds,
            peakBytes: [first.peakBytes, second.peakBytes].compactMap(\.self).max())
    }
}

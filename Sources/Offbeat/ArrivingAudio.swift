import Blobs
import Files
import Store

/// Audio that comes as bytes, from whoever has no file on this computer: a browser, another program.
public struct ArrivingAudio {
    /// What the file is called where it comes from.
    public let name: String
    /// How many bytes it has, where that is known before the end.
    public let size: Int64?

    fileprivate let read: (UnsafeMutableRawBufferPointer) throws -> Int

    /// Describes it.
    ///
    /// - Parameters:
    ///   - name: what it is called, which is no path.
    ///   - read: puts the next bytes into the buffer, and answers how many; 0 at the end. What it throws ends the whole. It is
    ///     first called when nothing else stands in the way.
    public init(
        named name: String, size: Int64? = nil, read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws(Failure) {
        let isPath = name.contains("/") || name == "." || name == ".."
        let isLine = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !name.isEmpty, name.utf8.count <= 255, !isPath, isLine else {
            throw Failure(
                .usage, "this is no name of a file",
                hint: "give the name alone, as in take.wav: up to 255 bytes, without slashes and control characters"
            )
        }
        (self.name, self.size, self.read) = (name, size, read)
    }
}

extension Intake {
    /// As much as stays in a processor's own cache, so that hashing reads what has just been brought there.
    private static let pieceSize = 1 << 18

    /// Takes in audio that comes as bytes: they go once through the hash into a temporary file, and are never all in memory.
    ///
    /// What is no audio, or is cut off, leaves nothing.
    func take(_ arrival: ArrivingAudio) throws -> Outcome {
        let rounds = IntakeRounds(blobs: blobs, pace: pace, recollection: nil)
        var outcome = Outcome(rounds: rounds)
        let path = FilePath(arrival.name)
        let candidate = FileSearch.Candidate(path: path, folder: 0, isNamed: true)
        let taken = try outcome.keepingQuota(of: store) {
            var found: (status: FileStatus, contents: Contents)?
            let put = try rounds.put(
                { batch in
                    let growth = try batch.grow(expecting: arrival.size)
                    try bring(arrival, into: growth)
                    found = (try growth.file.status(), try inspect(growth, path))
                    return try growth.finish()
                }, { _ in nil })
            guard let found else { throw Failure(.io, "\(path) was not taken in", hint: "try again") }
            return Taken(
                candidate: candidate, folder: nil, status: found.status, pointer: put.pointer, wasHere: put.wasHere,
                contents: found.contents)
        }
        outcome.taken = [taken]
        return outcome
    }

    /// The same, and hands it on when its bytes are durable.
    func take<R>(_ arrival: ArrivingAudio, _ use: (Taken) throws -> R) throws -> R {
        let outcome = try take(arrival)
        defer { outcome.end() }
        return try self.use(outcome.taken[0], of: outcome, use)
    }

    private func bring(_ arrival: ArrivingAudio, into growth: BlobGrowth) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            try progress.checkStopped()
            let count = try arrival.read(buffer)
            if count == 0 { return }
            try growth.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func inspect(_ growth: BlobGrowth, _ path: FilePath) throws -> Contents {
        if growth.size == 0 {
            throw Failure(.notAudio, "\(path) has no bytes", hint: "name a file that plays")
        }
        try growth.file.seek(to: 0)
        return try Contents(of: growth.file, path, isNamed: true, by: decoding)
    }
}

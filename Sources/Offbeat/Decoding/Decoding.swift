import Audio
import Blobs
import Files
import Git
import Store

/// Reads audio: what libsndfile reads by itself, and everything else by the decoder that is set, if one is.
///
/// The decoder works on a copy in a temporary directory of the store, with the right ending: so nothing that it does to
/// its input matters, what it was given cannot change meanwhile, and what a kill leaves behind goes with the next sweep.
struct Decoding: Sendable {
    /// The command that is set; asked only where a file needs it.
    private let command: @Sendable () throws -> String?
    private let scratch: FilePath
    private let limits: Decoder.Limits
    let progress: Progress

    init(
        scratch: FilePath, progress: Progress = .none, limits: Decoder.Limits = Decoder.Limits(),
        command: @escaping @Sendable () throws -> String?
    ) {
        (self.scratch, self.progress, self.limits, self.command) = (scratch, progress, limits, command)
    }

    /// Whether a decoder is set, be it one that works or not.
    var hasDecoder: Bool { (try? command()) != nil }

    /// What to do where no decoder is set.
    static let hint = "name a program that decodes it: `offbeat config set audio.decoder '\(Decoder.example)'`"

    /// The files that are called audio which a decoder may read, where none is set.
    func undecoded(among skipped: [FilePath]) -> [FilePath] {
        let called = skipped.filter { $0.fileExtension.map { ForeignAudio.isCalled(ending: $0) } == true }
        return called.isEmpty || hasDecoder ? [] : called
    }

    /// Reads what a file says of itself; its position stays where it is.
    ///
    /// - Parameter isNamed: whether a person has said that it is audio; what is met by chance needs a name that says so
    ///   before a program is run on it.
    func inspect(
        _ file: borrowing FileDescriptor, _ path: FilePath, isNamed: Bool
    ) throws -> (facts: AudioFacts, tags: AudioTags) {
        do throws(AudioError) { return try AudioFile.inspect(descriptor: file.raw) } catch {
            let ending = path.fileExtension
            guard error.code == .notAudio,
                let foreign = ForeignAudio(descriptor: file.raw, ending: ending, isNamed: isNamed)
            else { throw Self.failure(error, file, path) }
            let decoded = try decoded(file, ending: foreign.format, about: "\(path)") {
                Failure(.notAudio, "\(path) \(error.reason)", hint: Self.hint)
            }
            return try Self.facts(of: decoded, foreign, path)
        }
    }

    /// What is said of a sound that was decoded holds of the file that it came from, but for how that is stored.
    private static func facts(
        of decoded: borrowing DecodedFile, _ foreign: ForeignAudio, _ path: FilePath
    ) throws(Failure) -> (facts: AudioFacts, tags: AudioTags) {
        let (found, tags) = try decoded.inspect(about: "\(path)")
        let facts = AudioFacts(
            format: foreign.format, fileExtension: foreign.format, bits: nil, channels: found.channels,
            sampleRate: found.sampleRate, frames: found.frames)
        return (facts, tags)
    }

    /// Decodes a file; it is gone with what this answers.
    ///
    /// - Parameter missing: what to throw where no decoder is set.
    func decoded(
        _ file: borrowing FileDescriptor, ending: String, about subject: String, missing: () -> Failure
    ) throws -> DecodedFile {
        guard let command = try command() else { throw missing() }
        let decoder = try Decoder(command: command, limits: limits)
        try progress.checkStopped()
        let temporary = try TemporaryDirectory(in: scratch)
        do {
            let input = temporary.path.appending("audio.\(ending)")
            let size = try Self.copy(file, to: input)
            let output = temporary.path.appending("decoded.wav")
            try decoder.run(on: input, into: output, size: size, about: subject, progress)
            return DecodedFile(
                file: try FileDescriptor.open(output, .read, noFollow: true, nonBlocking: true),
                decoder: decoder.name,
                temporary: temporary)
        } catch {
            temporary.remove()
            throw error
        }
    }

    /// Copies a file from its beginning and leaves its position alone; answers how many bytes it has.
    private static func copy(_ file: borrowing FileDescriptor, to path: FilePath) throws -> Int64 {
        let target = try FileDescriptor.open(path, .write, create: .exclusive, mode: 0o600)
        if try target.reflink(from: file) { return Int64(try target.status().size) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4096)
        defer { buffer.deallocate() }
        var done: Int64 = 0
        while true {
            let count = try file.pread(into: buffer, at: done)
            if count == 0 { return done }
            try target.write(all: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            done += Int64(count)
        }
    }

    private static func failure(
        _ error: AudioError, _ file: borrowing FileDescriptor, _ path: FilePath
    ) -> Failure {
        switch error.code {
        case .io: Failure(.io, "\(path) \(error.reason)")
        case .notRegular:
            Failure(
                .notAudio,
                "\(path) \((try? file.status().kind).map { "is \($0.words), not a file" } ?? error.reason)",
                hint: "name a file that plays")
        default: Failure(.notAudio, "\(path) \(error.reason)", hint: "name a file that plays")
        }
    }
}

/// What a decoder wrote, for as long as this lives.
struct DecodedFile: ~Copyable {
    let file: FileDescriptor
    fileprivate let decoder: String
    fileprivate let temporary: TemporaryDirectory

    deinit { temporary.remove() }

    /// Reads what it says of itself, and refuses what cannot be all of a sound.
    func inspect(about subject: String) throws(Failure) -> (facts: AudioFacts, tags: AudioTags) {
        let found: (facts: AudioFacts, tags: AudioTags)
        do throws(AudioError) {
            found = try AudioFile.inspect(descriptor: file.raw, mustBeWhole: true)
        } catch {
            throw Failure(.io, "\(subject) cannot be decoded: what \(decoder) wrote \(error.reason)")
        }
        if found.facts.frames == 0 {
            throw Failure(.io, "\(subject) cannot be decoded: what \(decoder) wrote holds no sound")
        }
        return found
    }
}

extension Session {
    /// How audio is read in this store.
    func decoding(_ progress: Progress = .none) -> Decoding {
        Decoding(scratch: store.blobs.directory.appending("tmp"), progress: progress) {
            [settings = library.settings] in
            try settings.get(.decoder)
        }
    }
}

extension Decoding {
    /// How audio is read in a store that may be damaged.
    init(inStoreAt path: FilePath, _ progress: Progress) {
        self.init(scratch: path.appending("lfs/tmp"), progress: progress) {
            try Repository(at: path).setting("offbeat.\(StoreSettings.Key.decoder.rawValue)")
        }
    }
}

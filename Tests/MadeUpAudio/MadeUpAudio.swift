import Files
import Glibc
import TestSupport

/// Writes made-up songs into a folder, for the demonstration and for trying things out by hand.
///
/// It knows nothing of stores and is never installed. `made-up-audio DIR [COUNT] [SEED]`: the same seed gives the same
/// bytes on every machine.
@main
enum MadeUpAudio {
    static func main() {
        do {
            let request = try Request(CommandLine.arguments.dropFirst().map { $0 })
            try FileSystem.makeDirectories(request.folder)
            for number in 0..<request.count {
                let song = Song(number: number, seed: request.seed)
                try FileSystem.write(song.bytes, to: request.folder.appending(song.fileName))
                print(song.fileName)
            }
        } catch {
            let text = "made-up-audio: \(error)\n"
            _ = write(2, text, text.utf8.count)
            exit(error is Misuse ? 2 : 1)
        }
    }
}

/// What the call asks for.
private struct Request {
    let folder: FilePath
    var count = 6
    var seed: UInt64 = 1

    init(_ words: [String]) throws {
        guard let folder = words.first, words.count <= 3 else { throw Misuse() }
        self.folder = FilePath(folder)
        if words.count > 1 {
            guard let count = Int(words[1]), (1...100_000).contains(count) else { throw Misuse() }
            self.count = count
        }
        if words.count > 2 {
            guard let seed = UInt64(words[2]) else { throw Misuse() }
            self.seed = seed
        }
    }
}

/// The words of the call are off.
private struct Misuse: Error, CustomStringConvertible {
    let description = "usage: made-up-audio DIR [COUNT] [SEED], at most 100,000 files"
}

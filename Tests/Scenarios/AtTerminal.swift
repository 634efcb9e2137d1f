import Files
import Glibc
import TestSupport
import Testing

/// A program at a terminal of its own, what that shows, and its keyboard: `script` of util-linux.
final class AtTerminal {
    let running: Studio.Running
    private let keyboard: FileDescriptor
    /// How much of what is shown was waited for.
    private var seen = 0

    init(_ words: [Word], in studio: Studio, adding extra: [String: String] = [:]) throws {
        let keys = studio.root.appending("keys \(UInt64.random(in: .min ... .max))")
        guard keys.withCString({ mkfifo($0, 0o600) }) == 0 else { throw Unexpected("no pipe at \(keys)") }
        let keyboard = try FileDescriptor.open(keys, .readWrite)
        let quoted = words.map { "'\($0.description.replacing("'", with: "'\\''"))'" }
        let running = try studio.start(
            // Who is started in the background may have to ignore what is typed.
            ["env", "--default-signal=INT", "script", "-qefc"]
                + [Word("exec " + quoted.joined(separator: " ")), "/dev/null"], adding: extra, stdin: .file(keys))
        self.keyboard = keyboard
        self.running = running
    }

    func type(_ text: String) throws { try keyboard.write(all: Array(text.utf8)) }

    /// Types something once the terminal shows a text, after all that was waited for before.
    func answer(_ question: String, with text: String, timeout: Double = 60) throws {
        let watch = Stopwatch()
        while true {
            let shown = try FileSystem.readIfExists(running.out) ?? []
            if let place = shown[seen...].firstRange(of: Array(question.utf8)) {
                seen = place.upperBound
                return try type(text)
            }
            guard watch.seconds < timeout, !running.child.hasEnded else {
                throw Unexpected(
                    "the terminal does not show \(question): \(String(decoding: shown, as: UTF8.self))")
            }
            SystemClock.sleep(seconds: 0.01)
        }
    }
}

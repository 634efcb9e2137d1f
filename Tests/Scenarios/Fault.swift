import Files
import TestSupport

/// A system call that goes wrong: the `number`-th one of its name that the program makes.
struct FaultPoint: CustomStringConvertible {
    /// What happens to the call.
    enum Kind {
        /// The program is killed when it comes to it.
        case kill
        /// It is not made, and gives this error.
        case error(String)
    }

    let call: String
    let number: Int

    var description: String { "\(call) \(number)" }

    /// The calls that change names or contents, or make them durable.
    static let calls = [
        "rename", "renameat2", "link", "unlink", "rmdir", "mkdir", "fsync", "fdatasync", "ftruncate", "fchmod",
        "write",
    ]

    /// Calls `body` with one point after the other. It answers whether the program came to that point; where it did
    /// not, the next call is taken. Of many points of one call, only some are tried unless long tests are wanted.
    static func forEach(_ body: (FaultPoint) throws -> Bool) throws {
        for call in calls {
            var number = 1
            while try body(FaultPoint(call: call, number: number)) {
                number += Scenarios.areLongOnesWanted ? 1 : 1 + number / 2
                if number > 500 { throw Unexpected("\(call) was called \(number) times") }
            }
        }
    }

    /// The words that make strace break a program here.
    func words(_ kind: Kind, log: FilePath) -> [Word] {
        let what =
            switch kind {
            case .kill: "signal=SIGKILL"
            case .error(let name): "error=\(name)"
            }
        return [
            "strace", "-f", "-qq", "-o", Word(log), "-e", "trace=\(call)", "-e",
            "inject=\(call):\(what):when=\(number)",
        ]
    }
}

extension Studio {
    /// Runs `offbeat` with a fault. `isMet` says whether the program came to that point.
    func offbeat(_ words: [Word], broken kind: FaultPoint.Kind, at point: FaultPoint) throws -> (
        outcome: Outcome, isMet: Bool
    ) {
        let log = root.appending("strace")
        let outcome = try run(point.words(kind, log: log) + [Word(Scenarios.program())] + words)
        let text = String(decoding: try FileSystem.read(log), as: UTF8.self)
        return (outcome, text.contains("INJECTED") || text.contains("killed by SIGKILL"))
    }
}

import CTrace
import Files
import Glibc
import TestSupport

/// Runs a program and breaks one of the system calls that change files, to see what the program makes of it.
///
/// `disturb --log FILE [--at N --with kill|short|ERROR] [--each HOOK [--every STEP --rest REST]] -- PROGRAM [ARGUMENT…]`
///
/// The calls of all threads are numbered from 1 in the order in which they are made, and noted in the log. The call of
/// that number is not made: the program is killed in its place, or it seems to fail with an error such as `EIO`. With
/// `short` the first write from that number on is made, but writes only half of its bytes. `HOOK` is run before each call with its number as argument,
/// while the whole program stands still. It ends as the program does, with 128 and the signal's number if one ended it.
///
/// What memory that is mapped to a file carries there is not seen: only calls are.
@main
enum Disturb {
    static func main() {
        do {
            let request = try Request(Array(CommandLine.arguments.dropFirst()))
            var tracer = try Tracer(request)
            exit(try tracer.follow())
        } catch {
            let text = "disturb: \(error)\n"
            _ = write(2, text, text.utf8.count)
            exit(125)
        }
    }
}

/// What the call asks for.
struct Request {
    /// What happens to the chosen call.
    enum Disturbance: Equatable {
        case kill
        case short
        case error(Int32)

        init(_ word: String) throws {
            let errors = ["EIO": EIO, "ENOSPC": ENOSPC, "EINTR": EINTR, "EDQUOT": EDQUOT, "EROFS": EROFS]
            switch word {
            case "kill": self = .kill
            case "short": self = .short
            default:
                guard let number = errors[word] else { throw Failure("no such disturbance: \(word)") }
                self = .error(number)
            }
        }
    }

    private(set) var log: String?
    private(set) var number: Int?
    private(set) var disturbance: Disturbance?
    private(set) var hook: String?
    /// The hook is run before calls whose numbers leave `rest` when divided by `step`.
    private(set) var step = 1
    private(set) var rest = 0
    private(set) var program: [String] = []

    init(_ words: [String]) throws {
        var left = words[...]
        while let word = left.popFirst(), word != "--" {
            guard let value = left.popFirst() else { throw Failure("\(word) needs a value") }
            switch word {
            case "--log": log = value
            case "--at": number = Int(value)
            case "--with": disturbance = try Disturbance(value)
            case "--each": hook = value
            case "--every": step = max(1, Int(value) ?? 1)
            case "--rest": rest = Int(value) ?? 0
            default: throw Failure("unknown option \(word)")
            }
        }
        program = Array(left)
        guard !program.isEmpty else { throw Failure("no program is named") }
        guard (number == nil) == (disturbance == nil) else { throw Failure("--at and --with go together") }
    }
}

/// Why nothing was disturbed.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A failure of the system's, which `errno` still tells.
    static func system(_ what: String) -> Failure { Failure("\(what): \(String(cString: strerror(errno)))") }
}

import CTrace
import Files
import Glibc
import TestSupport

/// Follows all threads of a program and of those that it starts, from one call that changes files to the next.
struct Tracer {
    private let request: Request
    private let log: Int32
    private let root: pid_t
    /// The threads that are traced, and those of them that stand still.
    private var threads: Set<pid_t> = []
    private var stopped: Set<pid_t> = []
    /// What happened to threads while the program was held, and is still to be looked at.
    private var pending: [(thread: pid_t, status: Int32)] = []
    private var number = 0
    private var isDone = false
    private var status: Int32 = 125

    /// What a wait reports for a stop, from ptrace(2); they are macros.
    private enum Event: Int32 { case none, fork, vfork, clone, exec, seccomp = 7, stop = 128 }

    /// Starts the program, which stands still until ``follow()``.
    init(_ request: Request) throws {
        self.request = request
        log = open(request.log ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard log >= 0 else { throw Failure.system("cannot write \(request.log ?? "")") }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure.system("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        root = fork()
        guard root >= 0 else { throw Failure.system("cannot start") }
        if root == 0 { Tracer.become(request.program, onceReadable: ends[0]) }
        threads = [root]
        // Threads and programs that it starts are traced too, and nothing of it outlives the tracer.
        let options: UInt = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x10_0000
        try call(.seize, root, data: options)
        _ = write(ends[1], "x", 1)
        for end in ends { close(end) }
    }

    /// In the new process: waits until it is traced, and becomes the program.
    private static func become(_ program: [String], onceReadable descriptor: Int32) -> Never {
        var byte: UInt8 = 0
        _ = read(descriptor, &byte, 1)
        let words = program.map { strdup($0) } + [nil]
        if disturb_ask_for_stops() == 0 { execvp(program[0], words) }
        let text = "disturb: cannot run \(program[0]): \(String(cString: strerror(errno)))\n"
        _ = write(2, text, text.utf8.count)
        _exit(127)
    }

    /// Follows the program to its end and answers its exit status.
    mutating func follow() throws -> Int32 {
        while let (thread, status) = try next() {
            if status & 0x7F != 0x7F || status == 0xFFFF {
                ended(thread, status)
            } else {
                try handleStop(of: thread, status)
            }
        }
        return status
    }

    private mutating func next() throws -> (thread: pid_t, status: Int32)? {
        pending.isEmpty ? try waited() : pending.removeFirst()
    }

    private mutating func waited() throws -> (thread: pid_t, status: Int32)? {
        while true {
            var status: Int32 = 0
            let thread = waitpid(-1, &status, 0x4000_0000)  // __WALL: threads, too
            if thread > 0 {
                threads.insert(thread)
                if status & 0xFF == 0x7F { stopped.insert(thread) }
                return (thread, status)
            }
            if errno == ECHILD { return nil }
            guard errno == EINTR else { throw Failure.system("cannot wait") }
        }
    }

    private mutating func ended(_ thread: pid_t, _ status: Int32) {
        threads.remove(thread)
        stopped.remove(thread)
        guard thread == root else { return }
        let signal = status & 0x7F
        self.status = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private mutating func handleStop(of thread: pid_t, _ status: Int32) throws {
        let signal = (status >> 8) & 0xFF
        switch Event(rawValue: status >> 16) {
        case .seccomp:
            try handleCall(of: thread)
            try resume(thread)
        case .stop where signal != SIGTRAP:
            // The whole program was stopped by a signal, and goes on by another.
            try call(.listen, thread)
        case .some(.none) where signal != SIGTRAP: try resume(thread, signal: signal)
        default: try resume(thread)
        }
    }
}

// MARK: Calls

extension Tracer {
    private mutating func handleCall(of thread: pid_t) throws {
        // A thread that is killed meanwhile cannot be read any more; its end is told by the next wait.
        guard let traced = try? TracedCall(of: thread), traced.changesFiles else { return }
        number += 1
        var isMet = false
        let subject = traced.subject
        if let hook = request.hook, number % request.step == request.rest {
            try runHook(hook, before: traced, subject)
        }
        if !isDone, number >= request.number ?? .max, let disturbance = request.disturbance {
            switch disturbance {
            case .kill: isMet = kill(root, SIGKILL) == 0
            case .short: isMet = try traced.shorten()
            case .error(let number):
                try traced.refuse(number)
                isMet = true
            }
            isDone = isMet
        }
        let line = "\(number) \(isMet ? "met" : "-") \(traced.length) \(traced.name) \(subject)\n"
        guard write(log, line, line.utf8.count) == line.utf8.count else {
            throw Failure.system("cannot write the log")
        }
    }

    /// Runs the hook while no thread of the program runs.
    private mutating func runHook(_ hook: String, before traced: TracedCall, _ subject: String) throws {
        let held = try hold(except: traced.thread)
        let result = try run(command: hook, arguments: ["\(number)", traced.name, subject])
        guard result.status == 0 else { throw Failure("\(hook) ended with \(result.status): \(result.stderr)") }
        for thread in held { try resume(thread) }
    }

    /// Stops all other threads; answers those that stand still for no other reason.
    private mutating func hold(except current: pid_t) throws -> [pid_t] {
        var held: [pid_t] = []
        for thread in threads.subtracting(stopped) where thread != current { try? call(.interrupt, thread) }
        while !threads.subtracting(stopped).isEmpty, let (thread, status) = try waited() {
            if status >> 16 == Event.stop.rawValue, (status >> 8) & 0xFF == SIGTRAP {
                held.append(thread)
            } else {
                pending.append((thread, status))
                if !stopped.contains(thread) { threads.remove(thread) }
            }
        }
        return held
    }
}

// MARK: ptrace

extension Tracer {
    private enum Call: Int32 { case resume = 7, seize = 0x4206, interrupt, listen }

    private mutating func resume(_ thread: pid_t, signal: Int32 = 0) throws {
        stopped.remove(thread)
        try call(.resume, thread, data: UInt(signal))
    }

    private func call(_ call: Call, _ thread: pid_t, data: UInt = 0) throws {
        // A thread that has been killed is gone, which the next wait will tell.
        guard disturb_ptrace(call.rawValue, thread, 0, data) == -1, errno != ESRCH else { return }
        throw Failure.system("ptrace \(call) failed")
    }
}

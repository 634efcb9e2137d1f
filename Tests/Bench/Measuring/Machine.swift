import Files
import Glibc

/// The computer that the figures are from.
struct Machine: Sendable {
    let cores: Int
    let memoryBytes: Int
    let kernel: String
    /// What else ran when the measuring began: the load average over a minute.
    let load: String

    /// Whether others kept at least half a core busy, so that only ratios mean anything.
    var isBusy: Bool { (Double(load) ?? 0) > 0.5 }

    static var current: Machine {
        Machine(
            cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
            kernel: word(0, of: "/proc/sys/kernel/osrelease"), load: word(0, of: "/proc/loadavg"))
    }

    private static func word(_ index: Int, of file: FilePath) -> String {
        let text = (try? FileSystem.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = text.split { $0 == " " || $0 == "\n" }
        return words.indices.contains(index) ? String(words[index]) : ""
    }
}

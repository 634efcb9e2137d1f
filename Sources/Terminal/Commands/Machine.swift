import Files
import Glibc

/// What tells this computer from others.
enum Machine {
    /// This process.
    static var processID: Int32 { getpid() }

    /// When the computer was started, in seconds since 1970, as the kernel says it.
    static var bootTime: Int64? {
        guard let bytes = try? FileSystem.read("/proc/stat", limit: 1 << 20) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("btime ") {
            return Int64(line.dropFirst(6))
        }
        return nil
    }

    /// The computer's own id, as systemd and D-Bus keep it; else its name.
    static var identity: [UInt8] {
        for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
            if let bytes = try? FileSystem.read(FilePath(path), limit: 256), bytes.count >= 32 { return bytes }
        }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return [] }
        return name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    }
}

/// The time zone of whoever sits here.
enum TimeZone {
    /// Minutes east of Greenwich at a moment, given in milliseconds since 1970.
    static func offsetMinutes(at milliseconds: UInt64) -> Int {
        var seconds = time_t(milliseconds / 1000)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return local.tm_gmtoff / 60
    }

    /// The zone's IANA name as far as that can be told: from `TZ`, else from where the system's own clock points to.
    static func name(in environment: Environment) -> String? {
        if let set = environment["TZ"]?.text { return set.hasPrefix(":") ? String(set.dropFirst()) : set }
        guard let file = try? FileSystem.realPath("/etc/localtime").string else { return nil }
        let parts = file.split(separator: "/").map(String.init)
        return parts.firstIndex(of: "zoneinfo").map { parts[($0 + 1)...].joined(separator: "/") }
    }
}

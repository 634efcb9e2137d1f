import CLinux
import Glibc

/// Where the bytes of a file system are kept.
public enum FileSystemKind: Sendable, Hashable {
    /// On this computer, as far as can be told.
    case local
    /// On another one, reached by the named protocol.
    case network(String)

    private static let networkTypes: [Int: String] = [
        0x6969: "nfs", 0x517B: "smb", 0xFE53_4D42: "smb", 0xFF53_4D42: "cifs", 0x0102_1997: "9p",
        0x5346_414F: "afs",
        0x6B41_4653: "afs", 0x00C3_6400: "ceph", 0x0BD0_0BD0: "lustre", 0x7375_7245: "coda", 0x564C: "ncp",
    ]
    private static let fuse = 0x6573_5546
    private static let networkPrograms = [
        "sshfs", "rclone", "s3fs", "gcsfuse", "davfs", "glusterfs", "curlftpfs", "goofys", "smbnetfs", "onedriver",
        "google-drive-ocamlfuse", "gvfsd-fuse", "cephfs", "ceph-fuse", "juicefs", "s3ql", "mount-s3", "blobfuse",
        "blobfuse2", "moosefs", "mfs", "jmtpfs",
    ]

    /// Reads what the system calls the type of a file system; `subtype` names the program behind a FUSE mount.
    init(type: Int, subtype: @autoclosure () -> String?) {
        if let name = Self.networkTypes[type & 0xFFFF_FFFF] {
            self = .network(name)
        } else if type == Self.fuse, let program = subtype(), Self.networkPrograms.contains(program) {
            self = .network(program)
        } else {
            self = .local
        }
    }
}

extension FileSystem {
    /// Whether the path lies on this computer or on another one.
    ///
    /// Most network file systems say so themselves. Behind FUSE may be anything: the mount table tells the program, and
    /// those known to fetch from elsewhere count as network.
    public static func kind(at path: FilePath) throws(FileError) -> FileSystemKind {
        var type = 0
        try path.withCString { name throws(FileError) in
            try check("ask for the file system of", path) { offbeat_linux_file_system_type(name, &type) }
        }
        return FileSystemKind(type: type, subtype: fuseProgram(at: path))
    }

    private static func fuseProgram(at path: FilePath) -> String? {
        guard let device = try? status(of: path).device,
            let table = try? FileDescriptor.open("/proc/self/mountinfo", .read).readAll(limit: 1 << 24)
        else { return nil }
        let major = (device >> 8) & 0xFFF
        let minor = (device & 0xFF) | ((device >> 12) & 0xFFF00)
        return fuseProgram(device: "\(major):\(minor)", mounts: String(decoding: table, as: UTF8.self))
    }

    /// Finds "sshfs" in a line such as `36 35 0:51 / /mnt rw shared:1 - fuse.sshfs user@host: rw`.
    static func fuseProgram(device: String, mounts: String) -> String? {
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 4, words[2] == device, let dash = words.firstIndex(of: "-"), dash + 1 < words.count,
                words[dash + 1].hasPrefix("fuse.")
            else { continue }
            return String(words[dash + 1].dropFirst("fuse.".count))
        }
        return nil
    }
}

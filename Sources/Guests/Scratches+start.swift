public import Catalog
import Files
import Git
public import Store

/// What a guest is to have.
public struct GuestRequest: Sendable {
    /// For whom the guest works; nil for nobody.
    public var person: Person?
    /// For how many milliseconds it may be used.
    public var timeToLive: Int64 = 24 * 3_600_000
    /// How much may be made.
    public var quota = Quota(bytes: 1 << 30, records: 10_000)
    /// Whether it is for one program, and is taken away when nobody uses it.
    public var isForOneRun = false
    /// Settings of the store below that hold in it too.
    public var settings: [(name: String, value: String)] = []

    /// Asks for the usual, for a person.
    public init(for person: Person? = nil) { self.person = person }
}

extension Scratches {
    /// Makes a scratch store over the present version, and holds it in use. The cost does not depend on how large the store
    /// is.
    public func start(_ request: GuestRequest) throws -> (scratch: Scratch, use: ScratchUse) {
        var made = try make(request)
        // A version that was the head when the scratch store came to be seen is one that collections know of.
        for _ in 0..<8 where try store.heads() != made.scratch.pass.origin {
            try end(made.scratch, evenInUse: true)
            made = try make(request)
        }
        return made
    }

    private func make(_ request: GuestRequest) throws -> (scratch: Scratch, use: ScratchUse) {
        let heads = try store.heads()
        let now = Int64(clamping: store.context.now())
        let info = try store.snapshot(of: Version(heads.main ?? .zero)).info()
        let pass = GuestPass(
            id: .random(from: store.context.random), store: info.id, origin: heads, person: request.person?.id,
            started: now, expires: now.addingReportingOverflow(request.timeToLive).partialValue,
            quota: request.quota, isForOneRun: request.isForOneRun)
        _ = try hasFolder()
        let scaffold = try TemporaryDirectory(in: folder)
        try lay(pass, request, in: scaffold.path)
        guard let use = try ScratchUse.take(scaffold.path, shared: true) else {
            throw GuestError(.inUse, "the new guest's store is taken", hint: "try again")
        }
        // Not waited for: the first who writes to it makes all of it durable, see `Store.makeScaffoldDurable`.
        let path = folder.appending(pass.id.hex)
        try scaffold.become(path)
        return (Scratch(path: path, pass: pass), use)
    }

    private func lay(_ pass: GuestPass, _ request: GuestRequest, in place: FilePath) throws(FileError) {
        let folders: [FilePath] = [
            "objects", "objects/info", "objects/pack", "refs", "refs/heads", "lfs", "lfs/objects",
        ]
        for name in folders { try FileSystem.makeDirectory(place.appending(name)) }
        func write(_ text: String, to name: FilePath) throws(FileError) {
            try FileDescriptor.open(place.appending(name), .write, create: .exclusive).write(all: Array(text.utf8))
        }
        try write("ref: refs/heads/main\n", to: "HEAD")
        try write(Scratch.alternates.text, to: Scratch.alternates.file)
        try write(references(pass.origin), to: "packed-refs")
        try write(configuration(request), to: "config")
        try write(String(decoding: pass.encoded, as: UTF8.self), to: GuestPass.file)
    }

    private func references(_ heads: RemoteHeads) -> String {
        let branches = [("analyses", heads.analyses), ("main", heads.main)]
        return "# pack-refs with: peeled fully-peeled sorted \n"
            + branches.compactMap { name, id in id.map { "\($0.hex) refs/heads/\(name)\n" } }.joined()
    }

    private func configuration(_ request: GuestRequest) -> String {
        var lines = [
            "[core]", "\trepositoryformatversion = 0", "\tfilemode = true", "\tbare = true",
            "\tlogAllRefUpdates = always",
        ]
        var settings = request.settings
        if let handle = request.person?.handle { settings.append(("user", handle.text)) }
        for (name, value) in settings {
            let parts = name.split(separator: ".")
            let section = parts.count > 1 ? " \"\(parts.dropLast().joined(separator: "."))\"" : ""
            lines += ["[offbeat\(section)]", "\t\(parts.last ?? "") = \(Self.quoted(value))"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A value as git's configuration has it: in quotes, with what would end it or the line escaped.
    private static func quoted(_ value: String) -> String {
        let escaped = value.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

public import Catalog
public import Digest
import Files

/// This copy of the store: its id in stamps, and the greatest stamp that it gave.
///
/// Both live outside the tree and are bound to the machine and to the directory's inode. A store that was copied or
/// restored finds another inode, and takes a new id: two copies that went on under one id could stamp two different
/// values alike.
public struct Replica: Sendable {
    /// The id that stands in stamps.
    public let id: ReplicaID
    /// The greatest stamp given so far, or seen.
    public internal(set) var last: Stamp?

    private let binding: Binding

    private struct Binding: Sendable, Equatable {
        let machine: String
        let inode: String
    }

    static func file(in store: FilePath) -> FilePath { store.appending("replica") }

    /// Reads the replica's file; a missing, unreadable or foreign one gives a new replica. The clock of a foreign one
    /// goes on: what the copy holds was stamped by it.
    ///
    /// It is bound to the inode of `home`, the directory that the store will have once it is built; else to its own.
    static func load(
        in store: FilePath, home: FilePath? = nil, context: StoreContext
    ) throws(FileError) -> Replica {
        let binding = try binding(of: home ?? store, context)
        let known = try? read(in: store)
        if let known, known.binding == binding { return known }
        var random = context.random
        return Replica(id: .random(using: &random), last: known?.last, binding: binding)
    }

    /// What the replica's file says of the directory that it lies in.
    enum State {
        /// It is this directory's own.
        case own
        /// There is none yet.
        case missing
        /// It cannot be read.
        case unreadable
        /// It belongs to another directory or machine, of which this one is a copy.
        case foreign
    }

    static func state(in store: FilePath, context: StoreContext) throws(FileError) -> State {
        guard try FileSystem.statusIfExists(of: file(in: store)) != nil else { return .missing }
        guard let known = try? read(in: store) else { return .unreadable }
        return known.binding == (try binding(of: store, context)) ? .own : .foreign
    }

    private static func binding(of home: FilePath, _ context: StoreContext) throws(FileError) -> Binding {
        Binding(
            machine: ContentHash(of: context.machine).hex, inode: String(try FileSystem.status(of: home).inode))
    }

    /// What the replica's file says, and whether it belongs to this directory; nil where it cannot be read.
    static func stored(
        in store: FilePath, context: StoreContext
    ) -> (replica: Replica, machine: String, inode: String, isOwn: Bool)? {
        guard let known = try? read(in: store), let own = try? binding(of: store, context) else { return nil }
        return (known, known.binding.machine, known.binding.inode, known.binding == own)
    }

    /// The replica that the file describes, wherever it came from.
    private static func read(in store: FilePath) throws -> Replica? {
        guard case .object(let fields) = try JSON.parse(FileSystem.read(file(in: store), limit: 4096)),
            case .string(let id) = fields["id"], let id = ReplicaID(id),
            case .string(let machine) = fields["machine"], case .string(let inode) = fields["inode"]
        else { return nil }
        var last: Stamp?
        if case .string(let text) = fields["clock"] { last = Stamp(text) }
        return Replica(id: id, last: last, binding: Binding(machine: machine, inode: inode))
    }

    /// The file's bytes.
    var encoded: [UInt8] {
        var fields = JSONObject()
        fields["id"] = .string(id.description)
        fields["machine"] = .string(binding.machine)
        fields["inode"] = .string(binding.inode)
        if let last { fields["clock"] = .string(last.description) }
        return JSON.object(fields).canonical()
    }
}

extension Store {
    /// What tells this directory on this machine from every copy of it: the same that its replica is bound to.
    public var placeMark: ContentHash {
        get throws(StoreError) {
            try wrappingFiles { () throws(FileError) in try Replica.placeMark(of: home, context) }
        }
    }
}

extension Replica {
    fileprivate static func placeMark(of home: FilePath, _ context: StoreContext) throws(FileError) -> ContentHash {
        let binding = try binding(of: home, context)
        return ContentHash(of: Array("\(binding.machine) \(binding.inode)".utf8))
    }
}

import Catalog
import Files
import Publishing
import Store
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// A computer with a copy of the store, and a clock of its own.
final class Computer {
    let name: String
    let path: FilePath
    let clock = Place.Clock()
    private var opened: Library?

    /// Takes a store that is there, or makes one with these people.
    init(_ name: String, at path: FilePath, seed: UInt64, people: [String] = []) throws {
        self.name = name
        self.path = path
        clock.random.withLock { $0 = SeededRandom(seed: seed) }
        if let first = people.first {
            let seed = StoreSeed(name: "Band", handle: Handle(first))
            opened = try Library.create(at: path, seed: seed, context: clock.context, insisting: true)
            for person in people.dropFirst() {
                _ = try session(first).addPerson(try #require(Handle(person)), name: nil, email: nil)
            }
        } else {
            opened = try Library(at: path, context: clock.context)
        }
    }

    var library: Library { get throws { try #require(opened) } }

    var journal: HandOffJournal { HandOffJournal(in: LocalTargets.folder(in: path)) }

    /// What its clock says, in milliseconds since 1970.
    var now: UInt64 {
        get { clock.now.withLock { $0 } }
        set { clock.now.withLock { $0 = newValue } }
    }

    func session(_ handle: String) throws -> Session { try library.session(as: handle) }

    func snapshot() throws -> Snapshot { try library.store.snapshot() }

    /// All posts of all workspaces.
    func posts(in snapshot: Snapshot? = nil) throws -> [PostFolder] {
        let snapshot = try snapshot ?? self.snapshot()
        return try snapshot.workspaces().flatMap { workspace in
            try snapshot.posts(of: workspace.id).compactMap { reading in
                if case .post(let folder) = reading { folder } else { nil }
            }
        }
    }

    /// The folder becomes what another is, as if every program had died when that was made; it stays the same folder.
    func goBack(to copy: FilePath) throws {
        opened = nil
        for file in try FileSystem.list(path) { try FileSystem.removeTree(path.appending(file.name)) }
        try Self.copy(copy.appending("."), to: path)
        opened = try Library(at: path, context: clock.context)
    }

    /// The folder is put back from a copy, and is another folder then.
    func restore(from copy: FilePath) throws {
        opened = nil
        try FileSystem.removeTree(path)
        try Self.copy(copy, to: path)
        opened = try Library(at: path, context: clock.context)
    }

    static func copy(_ source: FilePath, to place: FilePath) throws {
        let copied = try run(command: "cp", arguments: ["-a", source.string, place.string])
        try #require(copied.status == 0, "\(copied.stderr)")
    }
}

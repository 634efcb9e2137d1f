import Catalog
import Digest
import Files

/// A guest's store over that of a studio.
struct StudioGuest {
    let studio: Studio
    let id: String

    var path: FilePath { studio.scratches.appending(FilePath(id)) }

    /// Runs `offbeat --json` as the guest.
    func offbeat(_ words: Word..., adding extra: [String: String] = [:]) throws -> Outcome {
        try studio.offbeat(words: ["--json", "--store", Word(path)] + words, adding: extra)
    }

    /// What git finds wrong with its store, which borrows what the library has.
    func complaints() throws -> String {
        let check = try studio.git("fsck", "--strict", "--full", "--no-dangling", "--no-progress", in: path)
        return check.status == 0 && check.out.isEmpty && check.err.isEmpty ? "" : "\(check)"
    }
}

extension Studio {
    /// Where guests' stores lie.
    var scratches: FilePath { store.appending("scratch") }

    /// Starts a guest for whoever is configured, else for nobody.
    func startGuest(_ words: Word..., adding extra: [String: String] = [:]) throws -> StudioGuest {
        let made = try offbeat(words: ["--json", "guest", "start"] + words, adding: extra).done().json()
        guard let id = made["guest"]?.asString else { throw Unexpected("no guest: \(made)") }
        return StudioGuest(studio: self, id: id)
    }

    /// What lies in the folder of guests' stores, whole or not.
    func scratchNames() throws -> [String] {
        FileSystem.exists(scratches) ? try FileSystem.list(scratches).map(\.name.string).sorted() : []
    }

    /// The guests that a list tells; who asks clears away what the dead have left.
    func listedGuests(adding extra: [String: String] = [:]) throws -> [String] {
        let list = try json("guest", "ls", adding: extra).done().json()["guests"]?.asArray ?? []
        return list.compactMap { $0["guest"]?.asString }.sorted()
    }

    /// How many fields wait for a person.
    func openConflicts(adding extra: [String: String] = [:]) throws -> Int {
        try json("conflicts", adding: extra).done().json()["conflicts"]?.asArray?.count ?? -1
    }

    /// Every byte of the store, its guests' aside.
    func bytesOutsideScratch() throws -> [String: String] {
        var found: [String: String] = [:]
        for item in DirectoryWalk(store, entering: { $0 != scratches }) {
            let name = String(item.path.string.dropFirst(store.string.utf8.count))
            guard !name.hasPrefix("/scratch") else { continue }
            found[name] =
                if case .file(let path) = item { ContentHash(of: try FileSystem.read(path)).hex } else { "" }
        }
        return found
    }
}

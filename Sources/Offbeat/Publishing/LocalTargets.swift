public import Catalog
public import Files
import Store

/// Where posts are brought out, as far as only this computer is to know: folders, programs and tokens.
///
/// None of it is ever synced. A teammate must not be able to run a program here, or to have a token of ours sent
/// elsewhere.
public struct LocalTargets: Sendable {
    /// What is said for each workspace.
    private var settings: [WorkspaceID: Settings] = [:]
    /// The file as it was read, with what only a newer program knows.
    private var document = JSONObject()

    /// What is said for a workspace.
    public subscript(workspace: WorkspaceID) -> Settings {
        get { settings[workspace] ?? Settings() }
        set { settings[workspace] = newValue == Settings() ? nil : newValue }
    }

    /// What is said for one workspace.
    public struct Settings: Sendable, Hashable {
        /// The folder that a feed is written to.
        public var feedFolder: FilePath?
        /// What shows a publishing service that we may.
        var token: BoundToken?
        /// The words of the program that posts are handed to.
        public var commandWords: [[UInt8]]?

        /// Nothing is said.
        public init() {}

        /// The token for a host, as `host(of:)` names it; nil where there is none, or only one for another host.
        ///
        /// - Parameter environment: the value of an environment variable.
        public func token(
            forHost host: String, environment: (String) -> String?
        ) throws(Failure) -> String? {
            guard let token, token.host == host else { return nil }
            return try token.source.read(for: host, environment: environment)
        }
    }

    /// What a token is bound to, of a service's address; nil where no token may be sent, since others on the way could
    /// read it.
    public static func host(of url: String) -> String? {
        TargetAddress(url).flatMap { $0.isPrivate ? $0.host : nil }
    }

    // MARK: The file

    /// The folder of what has to do with publishing.
    public static func folder(in store: FilePath) -> FilePath { store.appending("publishing") }

    static func place(in store: FilePath) -> FilePath { folder(in: store).appending("targets.json") }
    private static let limit = 1 << 24

    /// Nothing is said.
    init() {}

    /// What is said in a store; nothing where there is no such file.
    public static func read(in store: FilePath) throws(Failure) -> LocalTargets {
        let place = place(in: store)
        let bytes: [UInt8]?
        do { bytes = try FileSystem.readIfExists(place, limit: limit) } catch { throw Failure(error) }
        guard let bytes else { return LocalTargets() }
        guard let document = try? JSON.parse(bytes).asObject, let read = LocalTargets(document) else {
            throw Failure(
                .damaged, "\(place) cannot be read, which says where this computer publishes",
                hint: "mend the file, or remove it and say it again with `offbeat workspace target`")
        }
        return read
    }

    private init?(_ document: JSONObject) {
        self.document = document
        guard let workspaces = (document["workspaces"] ?? .object([:])).asObject else { return nil }
        for entry in workspaces.entries {
            guard let id = WorkspaceID(entry.key), let read = Settings(entry.value) else { return nil }
            self[id] = read
        }
    }

    /// Writes it down where only this user can read it.
    fileprivate func write(in store: FilePath) throws(FileError) {
        let folder = Self.folder(in: store)
        try FileSystem.makeDirectory(folder, mode: 0o700)
        try FileSystem.setMode(of: folder, to: 0o700)
        try FileSystem.replaceAtomically(Self.place(in: store), with: text, mode: 0o600)
    }

    private var text: [UInt8] {
        var document = document
        var workspaces = document["workspaces"]?.asObject ?? [:]
        for id in Set(workspaces.keys.compactMap { WorkspaceID($0) }).union(settings.keys) {
            let written = self[id].written(over: workspaces[id.hex]?.asObject ?? [:])
            workspaces[id.hex] = written.isEmpty ? nil : .object(written)
        }
        document["workspaces"] = .object(workspaces)
        return JSON.object(document).canonical()
    }
}

extension LocalTargets.Settings {
    /// Reads what is said for one workspace; nil for what cannot be meant.
    fileprivate init?(_ value: JSON) {
        guard let value = value.asObject else { return nil }
        if let feed = value["feed"] {
            guard let folder = feed["folder"]?.asString, folder.utf8.first == UInt8(ascii: "/") else { return nil }
            feedFolder = FilePath(folder)
        }
        if let http = value["http"] {
            guard let token = BoundToken(http) else { return nil }
            self.token = token
        }
        if let command = value["command"] {
            guard let words = command["words"]?.asArray, words.first?.asString?.isEmpty == false else { return nil }
            let texts = words.compactMap(\.asString)
            guard texts.count == words.count else { return nil }
            commandWords = texts.map { Array($0.utf8) }
        }
    }

    /// The object with what is said here in place of what it said.
    fileprivate func written(over object: JSONObject) -> JSONObject {
        var object = object
        object["feed"] = feedFolder.map { ["folder": .string($0.string)] }
        object["http"] = token?.json
        object["command"] = commandWords.map { words in
            ["words": .array(words.map { .string(String(decoding: $0, as: UTF8.self)) })]
        }
        return object
    }
}

extension Library {
    /// What only this computer knows of where posts are brought out.
    public var localTargets: LocalTargets { get throws(Failure) { try LocalTargets.read(in: path) } }

    /// Changes what is said here for a workspace, while nobody else does.
    func changeLocalTargets(
        of workspace: WorkspaceID, _ change: (inout LocalTargets.Settings) -> Void
    ) throws {
        try store.exclusively { _ in
            var targets = try localTargets
            let old = targets[workspace]
            change(&targets[workspace])
            if targets[workspace] != old { try targets.write(in: path) }
        }
    }
}

import Blobs
import Catalog
import Digest
import Git
import TestSupport
import Testing

@testable import Store

/// What one laptop changes at one time, by chance.
struct Changes {
    let number: Int
    let clock: UInt64
    var random: SeededRandom
    private(set) var written: Set<String> = []
    /// What plain git leaves behind and takes the meaning from.
    private(set) var takenAway: Set<String> = []

    private static let person = "people/\(String(repeating: "2", count: 32)).json"
    private static let workspace = "workspaces/\(String(repeating: "3", count: 32))/workspace.json"

    init(number: Int, clock: UInt64, random: SeededRandom) {
        self.number = number
        self.clock = clock
        self.random = random
    }

    private var stamp: Stamp { Stamp(milliseconds: clock, replica: ReplicaID(truncating: UInt64(number))) }

    /// A word that nobody else writes.
    private mutating func word(_ kind: String = "w") -> String {
        let word = "\(kind)\(number)x\(clock)."
        written.insert(word)
        return word
    }

    private mutating func one(of count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    mutating func addAll(to files: inout MadeTree) throws {
        files.merge(try Song().tree()) { $1 }
        files.merge(try Note(text: "one\ntwo\nthree\nfour\n").tree()) { $1 }
        try changePerson(&files)
        try changeWorkspace(&files)
    }

    mutating func makeOne(_ step: Int, about subject: Crowd.Subject, in files: inout MadeTree) throws {
        switch subject {
        case .track where one(of: 4) > 0: return try changeSong(step, &files)
        case .outside where one(of: 4) > 0: return changeOutside(step, &files)
        default: break
        }
        switch one(of: 12) {
        case 0...4: try changeSong(step, &files)
        case 5, 6: try changeNote(&files)
        case 7: try changePerson(&files)
        case 8: try changeWorkspace(&files)
        case 9:
            try changeByHand(step, &files)
            takeAwayMeaning(in: files)
        default: changeOutside(step, &files)
        }
    }

    // MARK: A track

    private mutating func changeSong(_ step: Int, _ files: inout MadeTree) throws {
        let old = files.filter { $0.key.hasPrefix(Song.place + "/") }
        guard !old.isEmpty else { return try addSong(&files) }
        guard let bytes = old["\(Song.place)/track.json"]?.bytes, let track = try? Track.read(bytes) else { return }
        let inside = old.filter { !$0.key.hasSuffix("/track.json") }
        var song = Song(
            track: track,
            files: Dictionary(
                uniqueKeysWithValues: inside.map { (String($0.key.dropFirst(Song.place.count + 1)), $0.value) }))
        switch one(of: 9) {
        case 0: try song.track.set("title", to: .string(word()), at: stamp)
        case 1: try song.track.set("comment", to: .string(word()), at: stamp)
        case 2, 3: try replaceAudio(step, &song)
        case 4:
            if one(of: 3) == 0 { song.removeStem("drums") } else { try setStem(step, &song) }
        case 5:
            if song.track.contains("a", in: "tags") {
                try song.track.remove("a", from: "tags", at: stamp)
            } else {
                try song.track.add("a", to: "tags", at: stamp)
            }
        case 6: resolve(&song)
        default:
            files = files.filter { !$0.key.hasPrefix(Song.place + "/") }
            // Somebody may remove it and add it again before anybody looks.
            return one(of: 4) == 0 ? try addSong(&files) : ()
        }
        files = files.filter { !$0.key.hasPrefix(Song.place + "/") }
        files.merge(try song.tree()) { $1 }
    }

    private mutating func addSong(_ files: inout MadeTree) throws {
        let words = ["song", "another", "added \(clock)"][one(of: 3)]
        var song = Song(
            track: Track(id: try #require(Song.id), audio: Song.reference(words), facts: nil, created: stamp),
            files: ["audio.wav": .pointer(words)])
        if one(of: 2) == 0 { try song.track.set("title", to: .string(word()), at: stamp) }
        files.merge(try song.tree()) { $1 }
    }

    private mutating func replaceAudio(_ step: Int, _ song: inout Song) throws {
        let words = one(of: 4) == 0 ? "another" : "audio \(number) \(step)"
        if words != "another" { written.insert(audio(of: words).oid.hex) }
        try song.track.setAudio(Song.reference(words), facts: nil, at: stamp)
        song.files["audio.wav"] = .pointer(words)
    }

    private mutating func setStem(_ step: Int, _ song: inout Song) throws {
        let words = "stem \(number) \(step)"
        guard let type = StemType("drums") else { return }
        var stem =
            try song.files["stems/drums.json"]?.bytes.map { try Stem.read($0) }
            ?? Stem(type: type, audio: Song.reference(words), created: stamp)
        try stem.setAudio(Song.reference(words), facts: nil, madeFrom: nil, at: stamp)
        written.insert(audio(of: words).oid.hex)
        song.files["stems/drums.json"] = try .record(stem)
        song.files["stems/drums.wav"] = .pointer(words)
    }

    private mutating func resolve(_ song: inout Song) {
        guard let conflict = song.track.conflicts.randomElement(using: &random) else { return }
        song.track.resolve(conflict.key, at: stamp)
        if let file = conflict.file { song.files["conflicts/\(file.hex).wav"] = nil }
    }

    // MARK: A post

    private mutating func changeNote(_ files: inout MadeTree) throws {
        let path = "\(Note.place)/post.json"
        guard let bytes = files[path]?.bytes else {
            files.merge(try Note(text: "one\n\(word())\nfour\n").tree()) { $1 }
            return
        }
        guard var post = try? Post.read(bytes) else { return }
        switch one(of: 7) {
        case 0...2:
            var lines = post.body.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let line = one(of: lines.count)
            if one(of: 2) == 0 { lines[line] = word() } else { lines.insert(word(), at: line) }
            try post.set("text", to: .string(lines.joined(separator: "\n")), at: stamp)
        case 3:
            var links = post.links
            links[["feed", "page", "shop"][one(of: 3)]] = .string(word())
            try post.set("links", to: .object(links), at: stamp)
        case 4:
            let words = word("image")
            written.insert(audio(of: words).oid.hex)
            written.remove(words)
            try post.setImage(audio(of: words).oid, at: stamp)
            files["\(Note.place)/image.png"] = .pointer(words)
        case 5: try post.set("title", to: .string(word()), at: stamp)
        default:
            files = files.filter { !$0.key.hasPrefix(Note.place + "/") }
            return
        }
        files[path] = try .record(post)
    }

    // MARK: Records in one file

    private mutating func changePerson(_ files: inout MadeTree) throws {
        let path = Self.person
        let old = files[path]?.bytes.flatMap { try? Person.read($0) }
        if old != nil, one(of: 3) == 0 { return files[path] = nil }
        var person = try old ?? made()
        try person.set("name", to: .string(word()), at: stamp)
        files[path] = try .record(person)
    }

    private func made() throws -> Person {
        Person(
            id: try #require(PersonID(String(repeating: "2", count: 32))), handle: try #require(Handle("ana")),
            created: stamp)
    }

    private mutating func changeWorkspace(_ files: inout MadeTree) throws {
        let path = Self.workspace
        let person = try #require(PersonID(String(repeating: "2", count: 32)))
        var workspace =
            try files[path]?.bytes.map { try Workspace.read($0) }
            ?? Workspace(
                id: try #require(WorkspaceID(String(repeating: "3", count: 32))),
                slug: try #require(Slug("band")), owner: person, created: stamp)
        if one(of: 2) == 0 {
            try workspace.set("name", to: .string(word()), at: stamp)
        } else {
            let role = Role.allCases[one(of: Role.allCases.count)].rawValue
            try workspace.add(person.hex, to: "members", at: stamp, with: ["role": .string(role)])
        }
        files[path] = try .record(workspace)
    }

    // MARK: Plain git

    /// What plain git does to records, which it knows nothing of.
    private mutating func changeByHand(_ step: Int, _ files: inout MadeTree) throws {
        let path = "\(Song.place)/track.json"
        switch one(of: 8) {
        case 0...2:
            guard let bytes = files[path]?.bytes, var fields = try? JSON.parse(bytes).asObject else { return }
            fields["comment"] = .string(word("hand"))
            files[path] = .bytes(JSON.object(fields).canonical())
        case 3: files["\(Song.place)/audio.flac"] = .pointer("beside \(one(of: 3))")
        case 4: files["\(Song.place)/audio.wav"] = .text("raw \(one(of: 3))")
        case 5: files["\(Song.place)/audio.wav"] = nil
        case 6: files[path] = .text("{ \(one(of: 2))")
        default: files["\(Song.place)/odd.txt"] = .text("\(step)")
        }
    }

    /// A record that cannot be read gives way to one that can, with its files; and a pointer beside one to another file
    /// speaks of that.
    private mutating func takeAwayMeaning(in files: MadeTree) {
        let inside = files.filter { $0.key.hasPrefix(Song.place + "/") }
        let pointers = inside.filter { $0.key.hasPrefix("\(Song.place)/audio.") }.values
            .compactMap { $0.bytes.flatMap { Pointer.parse($0)?.pointer.oid } }
        guard let track = files["\(Song.place)/track.json"]?.bytes.flatMap({ try? Track.read($0) }) else {
            let all = inside.values.compactMap { $0.bytes.flatMap { Pointer.parse($0)?.pointer.oid.hex } }
            takenAway.formUnion(all)
            return
        }
        if let file = track.file, !pointers.isEmpty, !pointers.contains(file) { takenAway.insert(file.hex) }
    }

    private mutating func changeOutside(_ step: Int, _ files: inout MadeTree) {
        let path = "notes/\(one(of: 3)).txt"
        switch one(of: 8) {
        case 0...3: files[path] = .text("\(one(of: 4))")
        case 4, 5: files[path] = nil
        case 6:
            files = files.filter { !$0.key.hasPrefix("odd/") }
            files["odd"] = .text("\(step)")
        default:
            files["odd"] = nil
            files["odd/\(one(of: 2))"] = MadeFile(mode: .executable, content: .bytes(Array("\(step)".utf8)))
        }
    }
}

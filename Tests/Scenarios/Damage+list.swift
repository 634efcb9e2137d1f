import Catalog
import Files
import TestSupport

extension Damage {
    /// Objects in files of their own: a record, a pointer, a folder, the version itself.
    static let objects: [Damage] = [
        ("a record's object", "main:RECORD", Repair.tells), ("a pointer's object", "main:POINTER", .mends),
        ("a track's folder", "main:FOLDER", .tells), ("the head's tree", "main^{tree}", .mends),
        ("the head's commit", "main", .mends),
    ].flatMap { thing, name, repair in
        Wound.allCases.map { wound in
            Damage(
                "\(wound.rawValue) \(thing)", wound == .remove && name == "main" ? "ref" : "object", "",
                // Two that have changed places are each sound under the other's name.
                wound == .swap ? .mends : repair
            ) {
                place in
                let path = name.replacing("RECORD", with: place.path("track.json"))
                    .replacing("POINTER", with: place.path("audio.wav"))
                    .replacing("FOLDER", with: trackFolder(place.tracks[0]).string)
                let file = try place.studio.looseObject(Word(path))
                let other = try place.studio.looseObject(Word("main~1:\(place.path("track.json"))"))
                try wound.inflict(on: file, other: other, in: place.studio)
            }
        }
    }

    /// Packs and their indexes.
    static let packs: [Damage] = ["pack", "idx"].flatMap { suffix in
        Wound.allCases.map { wound in
            // Two packs that change places are each whole: it is their indexes that are of another pack.
            let shown = wound == .swap ? ".idx" : ".\(suffix)"
            let repair = suffix == "idx" || wound == .swap ? Repair.mends : .tells
            return Damage("\(wound.rawValue) a\(suffix == "idx" ? "n index" : " pack")", "pack", shown, repair) {
                place in
                try place.pack()
                let files = try place.packs(suffix)
                try wound.inflict(on: files[0], other: files[1], in: place.studio)
            }
        }
    }

    /// `HEAD`, the branch, and the file of packed references.
    static let references: [Damage] =
        ["remove", "empty", "scribble over", "misdirect"].map { deed in
            Damage("\(deed) the branch", "ref", "refs/heads/main", .mends) { place in
                let file = place.store("refs/heads/main")
                switch deed {
                case "remove": try FileSystem.remove(file)
                case "empty": try FileSystem.write("", to: file)
                case "scribble over": try FileSystem.write("scribble\n", to: file)
                default: try FileSystem.write("\(String(repeating: "1234", count: 10))\n", to: file)
                }
            }
        } + [
            Damage("remove HEAD", "ref", "HEAD", .mends) { try FileSystem.remove($0.store("HEAD")) },
            Damage("empty HEAD", "ref", "HEAD", .mends) { try FileSystem.write("", to: $0.store("HEAD")) },
            Damage("scribble over HEAD", "ref", "HEAD", .mends) {
                try FileSystem.write("ref: \u{0}x\n", to: $0.store("HEAD"))
            },
            Damage("remove packed references", "ref", "refs/heads/main", .mends) { place in
                try place.studio.git("pack-refs", "--all").done()
                try FileSystem.remove(place.store("packed-refs"))
            },
            Damage("cut off packed references", "ref", "", .mends) { place in
                try place.studio.git("pack-refs", "--all").done()
                let bytes = try FileSystem.read(place.store("packed-refs"))
                try FileSystem.write(Array(bytes.dropLast(30)), to: place.store("packed-refs"))
            },
            Damage("scribble into packed references", "ref", "packed-refs", .mends) { place in
                try place.studio.git("pack-refs", "--all").done()
                let bytes = try FileSystem.read(place.store("packed-refs"))
                try FileSystem.write(bytes + Array("scribble\n".utf8), to: place.store("packed-refs"))
            },
        ]

    /// Records that plain git has broken.
    static let records: [Damage] = [
        Damage("cut off a record", "record", "track.json", .tells) {
            try $0.studio.commit("{\"id\":", to: $0.path("track.json"))
        },
        Damage("flip a record", "record", "track.json", .tells) { place in
            let text = try place.studio.git("show", "main:\(place.path("track.json"))").done().text
            try place.studio.commit(
                text.replacing("\"created\"", with: "\"createe\""), to: place.path("track.json"))
        },
        Damage("swap a record", "record", "track.json", .tells) { place in
            let text = try place.studio.git("show", "main:\(place.path("track.json", track: 1))").done().text
            try place.studio.commit(text, to: place.path("track.json"))
        },
        Damage("a record too large", "record", "track.json", .tells) { place in
            let text = "{\"comment\":\"\(String(repeating: "x", count: 2 << 20))\"}"
            try place.studio.commit(text, to: place.path("track.json"))
        },
        Damage("remove a record", "pointer", "audio.wav", .tells) {
            try $0.studio.commitRemoval(of: $0.path("track.json"))
        },
        Damage("scribble over the store's record", "config", "offbeat.json", .mends) {
            try $0.studio.commit("scribble", to: "offbeat.json")
        },
    ]

    /// Pointers that plain git has broken.
    static let pointers: [Damage] = [
        Damage("remove a pointer", "pointer", "audio.wav", .mends) {
            try $0.studio.commitRemoval(of: $0.path("audio.wav"))
        },
        Damage("cut off a pointer", "pointer", "audio.wav", .mends) {
            try $0.studio.commit(
                "version https://git-lfs.github.com/spec/v1\noid sha256:12", to: $0.path("audio.wav"))
        },
        Damage("scribble over a pointer", "pointer", "audio.wav", .mends) {
            try $0.studio.commit("scribble", to: $0.path("audio.wav"))
        },
        Damage("swap a pointer", "record", "track.json", .mends) { place in
            let text = try place.studio.git("show", "main:\(place.path("audio.wav", track: 1))").done().text
            try place.studio.commit(text, to: place.path("audio.wav"))
        },
        Damage("two pointers", "pointer", "audio", .tells) { place in
            let text = try place.studio.git("show", "main:\(place.path("audio.wav", track: 1))").done().text
            try place.studio.commit(text, to: place.path("audio.aiff"))
        },
        Damage("raw audio", "pointer", "audio.wav", .mends) {
            try $0.studio.commit(noise(seed: 77, frames: 3000), to: $0.path("audio.wav"))
        },
        Damage("remove the attributes", "pointer", ".gitattributes", .mends) {
            try $0.studio.commitRemoval(of: ".gitattributes")
        },
        Damage("scribble over the attributes", "pointer", ".gitattributes", .mends) {
            try $0.studio.commit("*.psd filter=lfs\n", to: ".gitattributes")
        },
    ]

    /// Stored audio.
    static let files: [Damage] =
        Wound.allCases.map { wound in
            Damage("\(wound.rawValue) a file", "file", "", .tells, deep: wound == .flip || wound == .swap) {
                place in
                let files = try place.tracks.map(place.studio.file)
                try wound.inflict(on: files[0], other: files[1], in: place.studio)
            }
        } + [
            Damage("a folder in a file's place", "file", "", .tells) { place in
                let file = try place.studio.file(of: place.tracks[0])
                try FileSystem.remove(file)
                try FileSystem.makeDirectory(file)
            }
        ]

    /// What lies around the history and the files.
    static let surroundings: [Damage] = [
        Damage("remove the journal", "journal", "", .mends) { try FileSystem.remove($0.store("lfs/journal")) },
        Damage("cut off the journal", "journal", "", .mends) { place in
            let bytes = try FileSystem.read(place.store("lfs/journal"))
            try FileSystem.write(Array(bytes.prefix(bytes.count / 2)), to: place.store("lfs/journal"))
        },
        Damage("scribble over the journal", "journal", "", .mends) {
            try $0.studio.scribble(over: $0.store("lfs/journal"), from: 20)
        },
        Damage("the journal of another store", "journal", "", .mends) { place in
            let other = place.studio.work.appending("other")
            try place.studio.offbeat("init", Word(other), "--name", "Other").done()
            try place.studio.offbeat("--store", Word(other), "add", Word(place.studio.sound("other.wav", seed: 99)))
                .done()
            try FileSystem.write(FileSystem.read(other.appending("lfs/journal")), to: place.store("lfs/journal"))
        },
        Damage("scribble over the replica", "replica", "", .mends) {
            try FileSystem.write("{", to: $0.store("replica"))
        },
        Damage("the replica of another place", "replica", "", .mends) { place in
            let copy = place.studio.root.appending("copy")
            try place.studio.run(["cp", "-a", Word(place.studio.store), Word(copy)]).done()
            try FileSystem.removeTree(place.studio.store)
            try FileSystem.rename(copy, to: place.studio.store)
        },
        Damage("scribble over the configuration", "config", "config", .mends) { place in
            let bytes = try FileSystem.read(place.store("config"))
            try FileSystem.write(bytes + Array("[scribble\n".utf8), to: place.store("config"))
        },
        Damage("remove the configuration", "config", "config", .mends) {
            try FileSystem.remove($0.store("config"))
        },
        Damage("a lock left behind by git", "lock", "packed-refs.lock", .tells) {
            try FileSystem.write("", to: $0.store("packed-refs.lock"))
        },
        Damage("a lock of the branch left behind by a dead writer", "lock", "refs/heads/main.lock", .mends) {
            place in
            let head = try place.studio.git("rev-parse", "main~1").done().line
            try FileSystem.write("\(head)\n", to: place.store("refs/heads/main.lock"))
            try FileSystem.write("\(head)\n", to: place.store("offbeat.lock"))
        },
    ]
}

import Catalog
import Files
import TestSupport
import Testing

/// Guests cannot see each other, and none does what is for people, whichever command is tried.
@Suite struct OtherGuestsTests {
    @Test func everyCommandIsClassified() throws {
        try Studio.with { studio in
            let known = Set(CommandTable.all.map(\.name))
            let unknown = try Self.commands(studio).filter { !known.contains($0) }
            #expect(unknown == [], "decide what a guest may, and put it into CommandTable")
        }
    }

    /// The commands that help lists.
    private static func commands(_ studio: Studio) throws -> [String] {
        let text = try studio.json("help").done().json()["text"]?.asString ?? ""
        let names = text.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  "), let first = line.dropFirst(2).first, first.isLowercase else { return nil }
            return line.dropFirst(2).split(separator: "  ", omittingEmptySubsequences: true).first.map(String.init)
        }
        try #require(names.contains("stem separate") && names.contains("completions"), "\(names)")
        return names
    }

    @Test func whatReachesOthersIsRefused() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let there = Set(try Self.commands(house.studio))
            try guest.at("post", "new", "-w", "band", "text").done()
            try house.expectNoTrace {
                for command in CommandTable.all where command.standing == .mayNot && there.contains(command.name) {
                    let outcome = try guest.run(command.words)
                    try outcome.expectFailure(4, "not-allowed")
                    #expect(outcome.complaint == "" && outcome.text.contains("guest"), "\(outcome)")
                }
                try guest.at("--user", "ben", "ls").expectFailure(4, "not-allowed")
                for setting: [Word] in [["user", "ben"], ["content", "none"], ["notify.command", "touch x"]] {
                    try guest.run(["config", "set"] + setting).expectFailure(4, "not-allowed")
                }
                try guest.at("workspace", "edit", "band", "selfApproval=true").expectFailure(4, "not-allowed")
                try guest.at("fsck", "--repair").expectFailure(4, "not-allowed")
            }
        }
    }

    /// A program that was started for a guest has that guest's store alone, whichever it names.
    @Test func noOtherStoreIsOpenedOrMade() throws {
        try GuestHouse.with { house in
            let (guest, other) = (try house.guest(), try house.guest(of: "ben"))
            let there = Set(try Self.commands(house.studio))
            let own = ["OFFBEAT_GUEST": guest.id]
            let place = house.studio.root.appending("elsewhere")
            try FileSystem.makeDirectory(place)
            try house.expectNoTrace {
                let before = try Imprint(all: other.store)
                for command in CommandTable.all where there.contains(command.name) {
                    if command.standing == .free { continue }
                    var words = command.words
                    // What is still to be named is named somehow: the store is looked at first.
                    if command.name.hasPrefix("post "), command.name != "post ls", words.count == 2 {
                        words.append("text")
                    }
                    if command.name == "post edit" { words.append("text=x") }
                    if command.name == "post schedule" { words += ["--at", "2030-01-01T12:00"] }
                    for store in [house.base, other.store] {
                        let outcome = try house.studio.offbeat(
                            words: ["--json", "--store", Word(store)] + words, in: place, adding: own)
                        try outcome.expectFailure(4, "not-allowed")
                    }
                }
                #expect(try Imprint(all: other.store).differences(from: before) == [])
                #expect(try FileSystem.list(place).isEmpty)
                try guest.run(["ls"], adding: own).done()
            }
        }
    }

    @Test(arguments: ["everyone", "workspaces"]) func whatAnotherMadeIsNotFound(_ sharing: String) throws {
        try GuestHouse.with(sharing: Word(sharing)) { house in
            let (guest, other) = (try house.guest(), try house.guest(of: "ben"))
            let sound = Word(try house.studio.sound("secret.wav", seed: 77))
            let added = try other.at("add", sound).done().json()
            try other.at("workspace", "add", "secret").done()
            let post = try other.at("post", "new", "-w", "secret", "A secret").done().json()
            let version = try other.at("status").done().json()["version"]?.asString
            try FileSystem.write("{\"bpm\":1}", to: house.studio.work.appending("found.json"))
            let foreign = CommandTable.Foreign(
                track: Word(try #require(added["added"]?.asArray?.first?["id"]?.asString)),
                post: Word(try #require(post["id"]?.asString)), version: Word(try #require(version)),
                guest: Word(other.id))
            let before = try Imprint(all: other.store)
            let hidden = try house.track("ben-3")
            try house.expectNoTrace {
                try Self.expectNothing(of: foreign, for: guest)
                if sharing == "workspaces" {
                    let theirs = CommandTable.Foreign(
                        track: hidden, post: foreign.post, version: foreign.version, guest: foreign.guest)
                    try Self.expectNothing(of: theirs, for: guest)
                }
                for words: [Word] in [
                    ["ls"], ["log"], ["status"], ["cache", "ls"], ["cache", "stats"], ["post", "ls"], ["conflicts"],
                    ["workspace", "ls"], ["debug", "version"], ["config", "ls"],
                ] {
                    let outcome = try guest.run(words).done()
                    let told = [foreign.track, foreign.post, foreign.version, foreign.guest].map(\.description)
                    for word in told + ["ecret"] { #expect(!outcome.text.contains(word), "\(outcome)") }
                }
            }
            #expect(try Imprint(all: other.store).differences(from: before) == [])
        }
    }

    /// A guest works on the version of its start: what the library becomes since lies in reach, and is not reached.
    @Test func whatTheLibraryBecomesIsNotSeen() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let then = try guest.at("status").done().json()["version"]?.asString
            try house.at("edit", "ana-0", "title=later").done()
            try house.at("rm", "ana-1").done()
            let now = Word(try house.studio.head())
            try house.expectNoTrace {
                for words: [Word] in [
                    ["diff", "HEAD", now], ["restore", "ana-0", "--at", now], ["debug", "version", now],
                    ["debug", "record", "ana-0", "--at", now], ["show", "later"], ["diff", "\(now)~1", "HEAD"],
                ] { try guest.run(words).expectFailure(3, "not-found") }
                #expect(try guest.titles().contains("ana-1"))
                #expect(try !guest.at("log").done().text.contains(now.description.prefix(10)))
                // Its own past is known, the library's as its own.
                try guest.at("edit", "ana-0", "title=mine").done()
                let own = try Word(#require(then))
                try guest.at("diff", own, "HEAD").done()
                try guest.at("restore", "mine", "--at", own).done()
                try guest.at("debug", "version", "\(own)~2").done()
            }
        }
    }

    private static func expectNothing(of foreign: CommandTable.Foreign, for guest: Guest) throws {
        for command in CommandTable.all {
            for words in command.reaching(foreign) {
                let outcome = try guest.run(words)
                #expect([3, 4].contains(outcome.status), "\(outcome)")
                #expect(!outcome.text.contains("A secret"), "\(outcome)")
            }
        }
    }

    @Test func madeUpIdsAreNoGuests() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let twin = house.base.appending("scratch/\(guest.id.prefix(31))\(guest.id.hasSuffix("0") ? "1" : "0")")
            let foreign = house.studio.root.appending("elsewhere")
            try FileSystem.makeDirectory(foreign)
            try FileSystem.symbolicLink(to: foreign, at: house.base.appending("scratch/\(Self.made)"))
            try FileSystem.makeDirectory(twin)
            let ids = [
                "", " ", "/", ".", "..", "../..", "\(guest.id)/", "./\(guest.id)", "../scratch/\(guest.id)",
                "\(guest.id)\u{0}x", guest.id.uppercased() + "A", "\(guest.id)0", String(guest.id.prefix(3)),
                String(guest.id.prefix(31)), String(repeating: "f", count: 32), Self.made, "*", "%",
                guest.id + "\n",
                "/etc", String(repeating: "a", count: 5000), "äöü€",
            ]
            try house.expectNoTrace {
                for id in ids where !id.utf8.contains(0) {
                    for words: [Word] in [["end", "--"], ["keep", "--as", "ana", "--"]] {
                        let outcome = try house.studio.offbeat(words: ["--json", "guest"] + words + [Word(id)])
                        #expect(outcome.status == 3, "\(outcome)")
                    }
                }
            }
            #expect(FileSystem.exists(guest.store) && FileSystem.exists(foreign) && FileSystem.exists(twin))
            try house.at("guest", "end", Word(guest.id)).done()
            #expect(!FileSystem.exists(guest.store))
        }
    }

    private static let made = "0123456789abcdef0123456789abcdef"
}

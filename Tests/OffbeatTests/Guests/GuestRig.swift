import Catalog
import Files
import Guests
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// A library and its guests, to which things happen by chance, and what each must see.
struct GuestRig {
    /// A guest, and what it is expected to see.
    struct Guest {
        let id: String
        let person: String?
        let expires: UInt64
        let origin: GuestModel
        var model: GuestModel
    }

    /// What all of it was at some moment, and where a copy of it lies.
    struct Backup {
        let copy: FilePath
        let library: GuestModel
        let guests: [Guest]
    }

    let place: Place
    var chance: SeededRandom
    private(set) var done: [String: Int] = [:]
    private var library = GuestModel()
    private var guests: [Guest] = []
    private var backup: Backup?
    private var touches = 0
    private static let people = ["ana", "ben"]
    private static let sounds = 14

    init(at place: Place, _ chance: SeededRandom) throws {
        self.place = place
        self.chance = chance
        for number in 0..<Self.sounds {
            try place.sound("s\(number).wav", frequency: Double(200 + 20 * number))
        }
        for key in [StoreSettings.Key.keepHistory, .keepQuarantine] { try place.library.settings.set(key, to: "0") }
        try place.library.settings.set(.user, to: "ana")
    }

    private var now: UInt64 { place.clock.now.withLock { $0 } }
    private func base() throws -> Library { try Library(at: place.path, context: place.clock.context) }
    private func path(of guest: Guest) -> FilePath { place.path.appending("scratch").appending(guest.id) }

    private func open(_ guest: Guest) throws -> Library {
        try Library(at: path(of: guest), context: place.clock.context)
    }

    /// Lets one thing happen, and says what.
    mutating func step() throws -> String {
        place.clock.pass(seconds: 1)
        touches += 1
        let what = try happen()
        done[what, default: 0] += 1
        return what
    }

    private mutating func happen() throws -> String {
        switch Int.random(in: 0..<100, using: &chance) {
        case 0..<12 where guests.count < 5: return try start()
        case 0..<50 where !guests.isEmpty: return try work()
        case 50..<72:
            let person = Self.people.randomElement(using: &chance) ?? "ana"
            var model = library
            try change(&model, by: person, in: base().session(as: person))
            library = model
            return "library"
        case 72..<82 where !guests.isEmpty: return try keep()
        case 82..<86 where !guests.isEmpty: return try end()
        case 86..<89: return try pass()
        case 89..<93:
            _ = try base().collect()
            return "collect"
        case 93..<95: return try save()
        case 95..<97 where backup != nil: return try putBack()
        default:
            try sweep()
            return "sweep"
        }
    }

    private func someGuest(_ chance: inout SeededRandom) -> Int { Int.random(in: guests.indices, using: &chance) }

    private mutating func start() throws -> String {
        let person = [nil, "ana", "ben"].randomElement(using: &chance) ?? nil
        var limits = GuestLimits()
        if Int.random(in: 0..<3, using: &chance) == 0 { limits.timeToLive = 60_000 }
        let library = try base()
        let made = try library.startGuest(for: person.flatMap { try library.session(as: $0).person }, limits)
        withExtendedLifetime(made.use) {}
        guests.append(
            Guest(
                id: made.guest.id.hex, person: person, expires: UInt64(made.guest.pass.expires),
                origin: self.library, model: self.library))
        return "start"
    }

    private mutating func work() throws -> String {
        let index = someGuest(&chance)
        let guest = guests[index]
        guard guest.expires > now else {
            try failure(.wrongState) { try open(guest) }
            return "expired"
        }
        var model = guest.model
        try change(&model, by: guest.person, in: open(guest).session())
        guests[index].model = model
        return "work"
    }

    /// Adds, changes or removes a track.
    private mutating func change(_ model: inout GuestModel, by person: String?, in session: Session) throws {
        let deed = Int.random(in: 0..<10, using: &chance)
        guard let id = model.tracks.keys.sorted().randomElement(using: &chance), deed > 3 else {
            let name = "s\(Int.random(in: 0..<Self.sounds, using: &chance))"
            let outcome = try session.add(AddRequest(paths: [place.sounds.appending("\(name).wav")]))
            #expect(outcome.failed.isEmpty, "\(outcome.failed)")
            for added in outcome.added {
                model.tracks[added.id.hex] = GuestModel.Track(
                    title: .init(value: name, touched: touches), artist: .init(value: "", touched: touches),
                    owner: person)
            }
            return
        }
        if deed == 4 {
            _ = try session.remove([id])
            model.tracks[id] = nil
            return
        }
        let (isTitle, value) = (deed.isMultiple(of: 2), "v\(touches)")
        let change = try TrackChange(parsing: "\(isTitle ? "title" : "artist")=\(value)")
        _ = try session.edit(EditRequest(.one(id), changes: [change]))
        let field = GuestModel.Field(value: value, touched: touches)
        if isTitle, model.tracks[id]?.title.value != value { model.tracks[id]?.title = field }
        if !isTitle, model.tracks[id]?.artist.value != value { model.tracks[id]?.artist = field }
    }

    private mutating func keep() throws -> String {
        let guest = guests.remove(at: someGuest(&chance))
        let person = Self.people.randomElement(using: &chance) ?? "ana"
        let allowed = library.merged(with: guest.model, from: guest.origin, adopting: (guest.person, person))
        _ = try base().session(as: "ana").keepGuest(guest.id, as: person)
        let found = try Self.told(base().session(as: "ana"))
        for id in Set(allowed.keys).union(found.keys) {
            let (now, may) = (found[id] ?? [], allowed[id] ?? [])
            #expect(may.contains(now), "\(id) is \(now) of \(may); \(chance)")
            // Which of the two stands, the merge decides; tests of its own say how.
            let sides = [guest.origin, library, guest.model].map { $0.tracks[id] }
            library.tracks[id] = now.isEmpty ? nil : Self.track(now, like: [library, guest.model], id, touches)
            if Set(sides).count == 3 { library.tracks[id]?.joined = touches }
        }
        return "keep"
    }

    private static func track(_ told: [String], like models: [GuestModel], _ id: String, _ touches: Int)
        -> GuestModel.Track
    {
        func field(_ value: String, _ of: (GuestModel.Track) -> GuestModel.Field) -> GuestModel.Field {
            let known = models.compactMap { $0.tracks[id].map(of) }.filter { $0.value == value }
            return known.max { $0.touched < $1.touched } ?? GuestModel.Field(value: value, touched: touches)
        }
        return GuestModel.Track(
            title: field(told[0], \.title), artist: field(told[1], \.artist),
            owner: told[2] == "nobody" ? nil : told[2])
    }

    private mutating func end() throws -> String {
        let guest = guests.remove(at: someGuest(&chance))
        #expect(try base().session(as: "ana").endGuest(guest.id).hex == guest.id)
        return "end"
    }

    private mutating func pass() throws -> String {
        place.clock.pass(seconds: UInt64([60, 3600, 40_000].randomElement(using: &chance) ?? 60))
        try sweep()
        return "pass"
    }

    private mutating func sweep() throws {
        try base().sweepGuests()
        let now = now
        guests.removeAll { $0.expires <= now }
    }

    // MARK: Copies

    private mutating func save() throws -> String {
        let copy = place.folder.appending("copy")
        if FileSystem.exists(copy) { try FileSystem.removeTree(copy) }
        try copyContents(of: place.path, to: copy)
        backup = Backup(copy: copy, library: library, guests: guests)
        return "save"
    }

    /// The store is as it was, guests and all.
    private mutating func putBack() throws -> String {
        guard let backup else { return "" }
        for entry in try FileSystem.list(place.path) { try FileSystem.removeTree(place.path.appending(entry.name)) }
        try copyContents(of: backup.copy, to: place.path)
        (library, guests) = (backup.library, backup.guests)
        return "put back"
    }

    private func copyContents(of folder: FilePath, to other: FilePath) throws {
        let outcome = try run(command: "cp", arguments: ["-aT", folder.string, other.string])
        try #require(outcome.status == 0, "\(outcome.stderr)")
    }

    // MARK: Looking

    private static func told(_ session: Session) throws -> [String: [String]] {
        let tracks = try session.list(ListRequest()).tracks
        #expect(!tracks.contains { !$0.isHere })
        return Dictionary(
            uniqueKeysWithValues: tracks.map { summary in
                (
                    summary.id.hex,
                    [summary.track.title ?? "", summary.track.artist ?? "", summary.owner ?? "nobody"]
                )
            })
    }

    /// Everybody sees what the model says.
    func compare(after what: String) throws {
        #expect(try Self.told(base().session(as: "ana")) == library.told, "the library after \(what); \(chance)")
        for guest in guests where guest.expires > now {
            #expect(
                try Self.told(open(guest).session()) == guest.model.told, "\(guest.id) after \(what); \(chance)")
        }
        let listed = try base().session(as: "ana").guests().map(\.scratch.id.hex)
        #expect(Set(listed) == Set(guests.map(\.id)), "after \(what); \(chance)")
    }

    /// Nothing is damaged, in the library or with the guests.
    func expectSound() throws {
        try place.expectSound()
        for guest in guests where guest.expires > now {
            let report = try Library.check(
                at: path(of: guest), CheckRequest(scratch: place.folder.appending("check")),
                context: place.clock.context)
            // One that was put back knows that it is a copy.
            let problems = report.problems.filter { $0.kind != .replica }
            #expect(problems.isEmpty, "\(problems); \(chance)")
        }
    }
}

import Catalog
import Testing

/// Questions about tracks.
struct QueryTests {
    private static let now: Int64 = 1_795_251_600_000  // 2026-11-21T09:00:00Z

    private static func subject() throws -> QuerySubject {
        var track = try Samples.track([
            "title": "Café del Mar", "artist": "Ana-Lena & The Öthers", "album": "AC/DC covers",
            "comment": "needs mixing",
            "genre": "Jazz Fusion", "key": "A minor", "bpm": 127.6, "year": 1999, "rating": 4, "trackNumber": 3,
        ])
        try track.add("Live", to: "tags", at: Samples.stamp(1_000))
        try track.add("late night", to: "tags", at: Samples.stamp(1_000))
        var subject = QuerySubject(track, ownerHandle: Handle("ana"), isHere: false)
        subject.created = Stamp(milliseconds: UInt64(now - 3 * 86_400_000), replica: subject.created.replica)
        subject.modified = now - 3_600_000
        subject.durationMs = 210_900
        return subject
    }

    private func matches(_ text: String) throws -> Bool {
        try Query(parsing: text).matches(try Self.subject(), now: Self.now)
    }

    @Test(arguments: [
        "", "   ", "cafe", "CAFÉ", "caf", "del mar", "mar del", "ana", "lena", "ana-lena", "others", "öthers",
        "ac/dc",
        "\"ac dc\"", "ac/d", "mix", "live", "night", "\"del mar\"", "title:cafe", "artist:\"the others\"",
        "album:cov",
        "genre:fusion", "genre:\"jazz fusion\"", "comment:needs", "tag:live", "tag:LIVE", "tag:\"late night\"",
        "-tag:old",
        "-xyz", "-title:ana", "bpm:128", "bpm:120..130", "bpm:127.6", "bpm:..128", "bpm:127..", "year:1999",
        "year:1990..1999", "rating:4", "rating:3..", "trackNumber:3", "duration:210", "duration:3:30",
        "duration:3:00..4:00",
        "duration:200..300", "duration:..4:00", "format:flac", "format:FLAC", "owner:ana", "owner:1111", "key:Am",
        "key:\"A minor\"", "here:no", "-here:yes", "added:-7d", "added:-1w", "added:2026-11-18", "added:2026-11",
        "added:2026", "added:2026-11-01..2026-11-30", "added:2026-11-18..", "added:..-2d", "added:-7d..-2d",
        "modified:-2h", "modified:-90min", "& cafe", "cafe -xyz artist:ana year:1999",
    ])
    func finds(_ text: String) throws { #expect(try matches(text)) }

    @Test(arguments: [
        "xyz", "afe", "cafe xyz", "\"del ma\"", "\"mar del\"", "-cafe", "title:ana", "tag:liv", "tag:night",
        "-tag:live",
        "genre:rock", "jazz", "bpm:127", "bpm:129..", "bpm:..127", "year:2000", "rating:5", "rating:..3",
        "trackNumber:2",
        "duration:3:31", "duration:..3:30", "format:fla", "owner:ben", "owner:an", "owner:111", "key:A", "key:C",
        "here:yes",
        "added:-2d", "added:2026-11-17", "added:2025", "added:..2026-11-17", "modified:-30min", "\"live late\"",
        "title:\"caf\"", "\"artist:nobody\"",
    ])
    func leavesOut(_ text: String) throws { #expect(try !matches(text)) }

    @Test func absentValuesMatchNoField() throws {
        let subject = QuerySubject(try Samples.track([:]))
        for text in ["bpm:..999", "year:0..", "key:Am", "genre:a", "title:a", "owner:ana"] {
            #expect(try !Query(parsing: text).matches(subject, now: 0), "\(text)")
            #expect(try Query(parsing: "-" + text).matches(subject, now: 0), "\(text)")
        }
        var unowned = subject
        unowned.owner = nil
        unowned.format = nil
        #expect(try !Query(parsing: "owner:1111").matches(unowned, now: 0))
        #expect(try !Query(parsing: "format:flac").matches(unowned, now: 0))
    }

    @Test func analysisStandsInForThePerson() throws {
        let bare = QuerySubject(try Samples.track([:]), analyzedBPM: 90, analyzedKey: "C minor")
        #expect(try Query(parsing: "bpm:90 key:Cm").matches(bare, now: 0))
        let decided = QuerySubject(
            try Samples.track(["bpm": 100, "key": "D minor"]), analyzedBPM: 90, analyzedKey: "C minor")
        #expect(try Query(parsing: "bpm:100 key:Dm").matches(decided, now: 0))
    }

    @Test func canBeLookedInto() throws {
        let query = try Query(parsing: #"Café "late night" -tag:Live bpm:120.. added:-7d here:no"#)
        let cafe = try #require(Query.Phrase("cafe", isPrefix: true))
        let night = try #require(Query.Phrase("late night", isPrefix: false))
        #expect(
            query.terms == [
                .init(.anywhere(cafe)), .init(.anywhere(night)), .init(.tag("live"), isNegated: true),
                .init(.number(.bpm, .init(from: 120, to: nil))),
                .init(.time(.added, .init(from: .ago(7 * 86_400_000), to: nil))), .init(.here(false)),
            ])
        #expect(query.dependsOnClock)
        #expect(query.dependsOnFiles)
        #expect(try !Query(parsing: "cafe added:2026").dependsOnClock)
        #expect(try !Query(parsing: "cafe").dependsOnFiles)
    }

    @Test(arguments: [
        ("titel:x", "did you mean \"title\"?"), ("re:zero", "(quote words that contain a colon)"),
        ("title:", "title: needs a value"),
        ("\"open", "a quote is opened and not closed: \"open"), ("bpm:fast", "bpm: cannot read \"fast\""),
        ("bpm:..", "cannot read"), ("bpm:1..x", "cannot read"), ("bpm:inf", "cannot read"),
        ("bpm:nan..", "cannot read"),
        ("bpm:0x10", "cannot read"), ("year:1..2..3", "cannot read"), ("duration:1:2:3:4", "cannot read"),
        ("duration:1:x", "cannot read"), ("here:maybe", "cannot read"), ("key:H", "cannot read"),
        ("added:soon", "cannot read"),
        ("added:7d", "cannot read"), ("added:-7x", "cannot read"), ("added:-", "cannot read"),
        ("added:2026-02-30", "cannot read"),
        ("added:2026-1-1", "cannot read"), ("added:..", "cannot read"), ("title:&", "cannot read"),
        ("added:-9999999d", "cannot read"),
        ("owner:", "owner:ana"), ("format:", "format:flac"), ("modified:", "modified:-7d"),
        ("rating:", "rating:3.."),
        ("year:", "year:1998..2004"), ("duration:", "2:30"),
    ])
    func saysWhatIsWrong(_ text: String, _ expected: String) {
        #expect { try Query(parsing: text) } throws: { "\($0)".contains(expected) }
    }

    @Test func foldsAsPeopleSearch() {
        #expect(Folding.words("Café-Noir  №1") == ["cafe", "noir", "1"])
        #expect(Folding.words("ÅNGSTRÖM straße İstanbul") == ["angstrom", "straße", "istanbul"])
        #expect(Folding.words("e\u{301}cole") == Folding.words("\u{e9}cole"))
        #expect(Folding.words("東京 2020年") == ["東京", "2020年"])
        #expect(Folding.words("👍 -- ") == [])
        #expect(Folding.words("Ⅳ ½") == ["ⅳ", "½"])
        #expect(Folding.fold("Été, À-Ñ!") == "ete, a-n!")
    }

    @Test func sortsWithTheAbsentLast() throws {
        func subject(_ id: Int, _ change: (inout QuerySubject) -> Void) throws -> QuerySubject {
            var subject = QuerySubject(try Samples.track([:]))
            subject.id = Samples.id(TrackIDKind.self, id)
            subject.durationMs = nil
            change(&subject)
            return subject
        }
        let subjects = [
            try subject(1) { _ in },
            try subject(2) {
                ($0.title, $0.artist, $0.durationMs, $0.bpm, $0.key, $0.loudness) = (
                    "Éa", "b", 2, 120, "B minor", -9
                )
            },
            try subject(3) {
                ($0.title, $0.artist, $0.durationMs, $0.bpm, $0.key, $0.loudness) = ("fb", "A", 1, 90, "Cm", -14)
            },
            try subject(4) {
                ($0.title, $0.artist, $0.durationMs, $0.bpm, $0.key, $0.loudness) = (
                    "eb", "…", 2, 120, "C major", -9
                )
            },
            try subject(5) { $0.created = Stamp(milliseconds: 5_000, replica: $0.created.replica) },
        ]
        func order(_ key: SortKey) -> [String] {
            let sorted = key.sorted(subjects.reversed())
            #expect(sorted.map(\.id) == subjects.sorted(by: key.precedes).map(\.id))
            return sorted.map { String($0.id.hex.prefix(1)) }
        }
        #expect(order(.added) == ["5", "1", "2", "3", "4"])
        #expect(order(.title) == ["2", "4", "3", "1", "5"])
        #expect(order(.artist) == ["3", "2", "1", "4", "5"])
        #expect(order(.duration) == ["3", "2", "4", "1", "5"])
        #expect(order(.bpm) == ["3", "2", "4", "1", "5"])
        #expect(order(.key) == ["4", "3", "2", "1", "5"])
        #expect(order(.loudness) == ["3", "2", "4", "1", "5"])
    }
}

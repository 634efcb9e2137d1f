import Catalog
import Testing

/// `field=value` as a person writes it.
struct FieldEditTests {
    private func message(_ text: String) -> String? {
        do throws(CatalogError) {
            _ = try FieldEdit(parsing: text)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("title=Intro", "title", JSON.string("Intro")), ("title=a=b", "title", "a=b"),
        ("comment= x ", "comment", " x "),
        ("year=1999", "year", 1999), ("rating=5", "rating", 5), ("trackNumber=3", "trackNumber", 3),
        ("bpm=127.5", "bpm", 127.5), ("bpm=128", "bpm", 128), ("key=Am", "key", "A minor"),
        ("x-isrc=DE1", "x-isrc", "DE1"), ("grid=128@0.35", "grid", JSON.object(["bpm": 128, "offset": 0.35])),
    ])
    func readsFields(_ text: String, _ field: String, _ value: JSON) throws {
        let edit = try FieldEdit(parsing: text)
        #expect(edit.field == field)
        #expect(edit.value == value)
        var track = Samples.track()
        try track.set(edit.field, to: edit.value, at: Samples.stamp(2_000))
    }

    @Test func emptyValueTakesAway() throws {
        for field in FieldEdit.fields + ["x-isrc"] {
            let edit = try FieldEdit(parsing: "\(field)=")
            #expect(edit.value == nil)
            var track = Samples.track()
            try track.set(edit.field, to: edit.value, at: Samples.stamp(2_000))
        }
    }

    @Test func findsPeople() throws {
        let edit = try FieldEdit(parsing: "owner=ana") { $0 == "ana" ? Samples.ana : nil }
        #expect(edit.value == .string(Samples.ana.hex))
        #expect(try FieldEdit(parsing: "owner=\(Samples.ben)").value == .string(Samples.ben.hex))
        #expect(message("owner=ben") == "owner: there is no person \"ben\"")
    }

    @Test func saysWhatIsWrong() {
        #expect(message("Intro") == "\"Intro\" is no edit: write field=value, for example title=Intro")
        #expect(message("titel=x") == "there is no field \"titel\"; did you mean \"title\"?")
        #expect(message("tempo=120")?.contains("there are: title, artist") == true)
        #expect(message("year=soon") == "year: \"soon\" is not a whole number")
        #expect(message("bpm=fast") == "bpm: \"fast\" is not a number such as 128 or 127.5")
        #expect(message("bpm=\"1\"") != nil)
        #expect(message("bpm=0") == "bpm must be above 0 and at most 999")
        #expect(message("rating=6") == "rating must be from 0 to 5")
        #expect(message("key=H minor") == "key: \"H minor\" is not a key such as \"A minor\" or \"F#\"")
        #expect(message("title=a\nb") == "title must be one line without control characters")
        #expect(message("x-ä=b") != nil)
        #expect(message("x-=b") != nil)
        #expect(message("id=1") != nil)
        #expect(message("=1") != nil)
    }

    @Test(arguments: [
        ("A minor", "A minor"), ("Am", "A minor"), ("am", "A minor"), ("a min", "A minor"),
        ("F# major", "F# major"),
        ("F#", "F# major"), ("f#m", "F# minor"), ("Bb", "A# major"), ("B♭ minor", "A# minor"), ("bb", "A# major"),
        ("b", "B major"), ("C♯", "C# major"), ("Cb", "B major"), ("E#", "F major"), ("CM", "C major"),
        ("Cm", "C minor"),
        ("d-moll", "D minor"), ("G maj", "G major"), ("B# MINOR", "C minor"),
    ])
    func readsKeys(_ text: String, _ expected: String) {
        #expect(MusicalKey(text)?.description == expected)
        #expect(MusicalKey(expected)?.description == expected)
    }

    @Test func refusesWhatIsNoKey() {
        for text in ["", "H", "A##", "Amm", "minor", "A min or so", "8A", "1"] {
            #expect(MusicalKey(text) == nil, "\(text)")
        }
        #expect(MusicalKey(tonic: -1, isMinor: false).description == "B major")
    }

    @Test func suggestsTheNearest() {
        #expect(Suggestion.nearest(to: "atrist", in: FieldEdit.fields) == "artist")
        #expect(Suggestion.nearest(to: "TITLE", in: FieldEdit.fields) == "title")
        #expect(Suggestion.nearest(to: "yaer", in: FieldEdit.fields) == "year")
        #expect(Suggestion.nearest(to: "publish", in: FieldEdit.fields) == nil)
        #expect(Suggestion.nearest(to: "", in: FieldEdit.fields) == nil)
        #expect(Suggestion.nearest(to: String(repeating: "x", count: 10_000), in: FieldEdit.fields) == nil)
    }
}

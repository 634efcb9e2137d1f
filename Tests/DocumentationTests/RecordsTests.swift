import Catalog
import Testing

/// Whether `Records.md` says what the reader and the writer of records do.
struct RecordsTests {
    private static let page = "Sources/Catalog/Catalog.docc/Records.md"

    @Test func everyRecordShownIsReadAndCanonical() throws {
        var shown: Set<String> = []
        for block in try Page(Self.page).blocks("json") {
            let bytes = Array(block.text.utf8)
            shown.insert(block.info)
            switch block.info {
            case "json store": try check(bytes, as: StoreKind.self)
            case "json person": try check(bytes, as: PersonKind.self)
            case "json workspace": try check(bytes, as: WorkspaceKind.self)
            case "json track": try check(bytes, as: TrackKind.self)
            case "json stem": try check(bytes, as: StemKind.self)
            case "json post": try check(bytes, as: PostKind.self)
            default: #expect(try JSON.parse(bytes).canonical() == bytes, "\(block)")
            }
        }
        let kinds = ["store", "person", "workspace", "track", "stem", "post"].map { "json \($0)" }
        #expect(shown.isSuperset(of: kinds))
    }

    private func check<Kind: RecordKind>(_ bytes: [UInt8], as kind: Kind.Type) throws {
        let record = try Record<Kind>.read(bytes)
        #expect(try record.encode() == bytes, "\(Kind.noun)")
        let missing = Kind.schema.fields.filter { $0.isRequired && record.fields[$0.name] == nil }
        #expect(missing.isEmpty, "\(Kind.noun)")
    }

    @Test func theTablesHaveEveryFieldOfEveryRecord() throws {
        let page = try Page(Self.page)
        check(page, "## The store", StoreKind.schema)
        check(page, "## Person", PersonKind.schema)
        check(page, "## Workspace", WorkspaceKind.schema)
        check(page, "## Track", TrackKind.schema)
        check(page, "## Stem", StemKind.schema)
        check(page, "## Post", PostKind.schema)
    }

    /// Each row begins with the name of a field, with a star where it has to be there.
    private func check(_ page: Page, _ heading: String, _ schema: Schema) {
        let rows = page.section(heading).compactMap { $0.firstMatch(of: /^\| `([^`]+)`(\*?) \|/)?.output }
        let common = ["created", "edits", "conflicts"]
        let fields = schema.fields.filter { !common.contains($0.name) }
        #expect(rows.map { String($0.1) }.sorted() == fields.map(\.name).sorted(), "\(heading)")
        for row in rows {
            #expect(schema[String(row.1)]?.isRequired == !row.2.isEmpty, "\(heading): \(row.1)")
        }
    }

    @Test func theTrackShownHasTheIdOfItsAudio() throws {
        let track = try shownTrack()
        #expect(track.id == TrackID.of(audio: track.audio.oid))
    }

    @Test func theConflictShownHasTheKeyOfItsValue() throws {
        let conflicts = try shownTrack().conflicts
        #expect(!conflicts.isEmpty)
        for conflict in conflicts {
            let key = Conflict.Key(field: conflict.field, stamp: conflict.key.stamp, value: conflict.value)
            #expect(key == conflict.key)
        }
    }

    private func shownTrack() throws -> Track {
        let block = try #require(Page(Self.page).blocks("json").first { $0.info == "json track" })
        return try Track.read(Array(block.text.utf8))
    }

    @Test func theAttributesShownAreThoseThatAreWritten() throws {
        let block = try #require(Page("Sources/Store/Store.docc/StoreFormat.md").blocks("gitattributes").first)
        #expect(block.text == Catalog.gitAttributes)
    }

    @Test func theLimitsShownAreThoseThatHold() throws {
        let page = try Page(Self.page).section("## Lengths").joined(separator: "\n")
        for limit in [
            Limits.title, Limits.comment, Limits.postText, Limits.tag, Limits.name, Limits.marker, Limits.zone,
            Limits.extensionName,
        ] { #expect(page.contains("| \(limit) |"), "\(limit)") }
    }
}

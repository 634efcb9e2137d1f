import Catalog
import Offbeat

/// `debug version`, `debug record`, `debug journal`, `debug replica` and `debug oba`: looking below tracks and versions.
///
/// They are for whoever searches for a mistake, so what they print is the document itself, laid out to be read.
enum DebugCommands {
    static let all = [version, record, journal, replica, oba]

    private static let name = Argument.optional(
        "VERSION", .text, help: "A version: digits of its id, HEAD or HEAD~3; else the head.")

    private static let version = Command(
        "debug version", in: .care, summary: "Show what a version consists of", arguments: [name],
        examples: [.init("offbeat debug version HEAD~1", "the files that it changed, and its trailers")],
        json: #"""
            {"version","tree","parents":[version…],"author":{"name","email","at","offsetMinutes"},"committer":{…},\#
            "subject","trailers":[{"key","value"}],"size","entries":[{"path","old","new","size"}]}
            """#,
        exits: [.notFound, .damaged],
        run: { invocation in
            reply(try Workplace(invocation).session().debugVersion(invocation[name] ?? "HEAD"))
        })

    private static let place = Argument.one(
        "ID", .track, help: "A track, or the path of any record, such as people/ID.json.")
    private static let at = Option.optional(
        "at", .text, value: "VERSION", help: "The version to look at; else the head.")

    private static let record = Command(
        "debug record", in: .care, summary: "Show a record with the stamps of each field",
        arguments: [place], options: [at],
        json: #"""
            {"version","path","blob","fault","fields":[{"field","value","stamps":[{"stamp","at","replica"}]}],\#
            "files":[{"name","oid","size","here":bool}],"record":{…}}
            """#,
        exits: [.notFound, .damaged],
        run: { invocation in
            reply(try Workplace(invocation).session().debugRecord(invocation[place], at: invocation[at]))
        })

    private static let journal = Command(
        "debug journal", in: .care, summary: "Show what the journal of files says, and where it is wrong",
        json: #"""
            {"files","bytes","fault","notes":[{"owner","alive":bool,"files":[…]}],"differences":[{"what":"missing"|\#
            "unlisted"|"wrong-size"|"foreign","file"}]}
            """#,
        run: { invocation in
            let workplace = Workplace(invocation)
            return reply(try workplace.session().debugJournal(copyingTo: workplace.temporaryDirectory))
        })

    private static let replica = Command(
        "debug replica", in: .care, summary: "Show this copy's id and clock",
        json: #"{"id","clock","at","machine","inode","own":bool}"#, exits: [.notFound],
        run: { invocation in reply(try Workplace(invocation).session().debugReplica()) })

    private static let blob = Argument.one("FILE", .file, help: "A blob of an analysis.")

    private static let oba = Command(
        "debug oba", in: .care, summary: "Show what a blob of an analysis consists of", arguments: [blob],
        examples: [
            .init("offbeat analysis get 3f2a --format oba >a.oba; offbeat debug oba a.oba", "one of a track")
        ],
        json: #"""
            {"codec":"raw"|"zlib","size","rawSize","checksum","json":{…},"arrays":[{"name","type","scale","offset",\#
            "count","delta":bool,"bytes"}]}
            """#,
        exits: [.notFound, .damaged],
        run: { invocation in
            let file = invocation[blob]
            try Workplace(invocation).guestLibrary()?.requireReadable(file)
            return reply(try Library.inspectBlob(file))
        })

    private static func reply(_ document: JSON) -> Reply {
        Reply(json: document) { page in page.verbatim(String(decoding: document.canonical(), as: UTF8.self)) }
    }
}

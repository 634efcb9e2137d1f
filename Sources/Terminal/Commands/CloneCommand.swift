import Catalog
import Files
import Offbeat
import Store

/// `clone`.
enum CloneCommand {
    private static let url = Argument.one(
        "URL", .text, help: "Where the shared repository is: a folder, or an ssh or https address as git takes it.")
    private static let directory = Argument.optional(
        "DIR", .directory, help: "Where the store is made; else a folder here, named like the remote.")
    private static let content = Option.optional(
        "content", .choice("WHICH") as ValueKind<ContentPolicy>,
        help: "Which files are fetched, now and by each sync; else all if they fit on the disk, else those pinned.")
    private static let endpoint = Option.optional(
        "endpoint", .text, help: "Where git-lfs's server is, if git-lfs would not find it by itself.")
    private static let force = Option.flag(
        "force", help: "Make the store even on a network mount or in a folder that another program syncs.")

    static let command = Command(
        "clone", in: .start, summary: "Make a copy of a shared store on this computer",
        discussion: """
            The copy has all records and all versions, and knows the shared repository as its remote origin. The first \
            store that you make is the one that commands use where they find none nearer.

            With --user you are the person of that handle, who is added if there is none.
            """,
        arguments: [url, directory], options: [content, endpoint, force],
        examples: [
            .init("offbeat clone /mnt/nas/band.git ~/Band --user ben", "copy the band's library, for Ben")
        ],
        json: #"{"store","version","tracks","files":{"fetched","bytes"}}"#,
        exits: [.refused, .damaged, .tryLater],
        run: { invocation in
            let workplace = Workplace(invocation)
            try workplace.requireOwnStore(nil)
            let here = try FilePath.currentDirectory()
            var request = CloneRequest(of: invocation[url], from: here)
            request.template = try Installation.storeTemplate()
            request.handle = try invocation.settings.user.map { (text) throws(Failure) in try Handle(checking: text)
            }
            request.content = invocation[content]
            request.endpoint = invocation[endpoint]
            request.isInsisting = invocation[force]
            let path = try (invocation[directory] ?? Self.name(after: invocation[url])).absolute()
            let outcome = try Library.clone(
                request, to: path, context: workplace.context, progress: workplace.reports())
            try workplace.locator().rememberIfFirst(path)
            let version = try outcome.library.version()
            let document: JSON = [
                "store": .string(path.string), "version": .string(version.description),
                "tracks": .integer(Int64(outcome.tracks)),
                "files": [
                    "fetched": .integer(Int64(outcome.fetched.files)), "bytes": .integer(outcome.fetched.bytes),
                ],
            ]
            return Reply(json: document) { page in
                page.remark(
                    "Cloned into \(path.string, .bold): \(Quantity.count(Int64(outcome.tracks), "track")), \(Quantity.count(Int64(outcome.fetched.files), "file")) (\(Quantity.size(outcome.fetched.bytes)))"
                )
                if outcome.isTooLarge {
                    page.remark(
                        "Not all files fit on this disk: those of pinned tracks are fetched, see offbeat help pin")
                }
                if outcome.absent > 0 {
                    page.remark("\(Quantity.count(Int64(outcome.absent), "file")) could not be had from there")
                }
            }
        })

    /// `/mnt/nas/band.git` becomes `band`.
    private static func name(after url: String) -> FilePath {
        var name = url.split(separator: "/").last.map(String.init) ?? "library"
        if name.hasSuffix(".git"), name.count > 4 { name.removeLast(4) }
        return FilePath(name)
    }
}

import Catalog
import Files
import Offbeat
import Store

/// `init`, `user add` and `user ls`.
enum StartCommands {
    static let all = [initialise, addUser, listUsers]

    private static let directory = Argument.optional(
        "DIR", .directory, help: "Where the store is made; else .offbeat here.")
    private static let name = Option.optional("name", .text, help: "The library's name; else the directory's.")
    private static let sharing = Option.defaulted(
        "sharing", .choice("WHO"), default: SharingWord.everyone,
        help: "Who sees a track: everyone, or only its owner and the workspaces that it is shared with.")
    private static let template = Option.optional(
        "template", .directory, help: "The git template to lay down; else the one installed with Offbeat.")
    private static let remote = Option.optional(
        "remote", .text,
        help: "The shared repository to sync with, a folder or an address; a folder is made where there is none.")
    private static let force = Option.flag(
        "force", help: "Make the store even on a network mount or in a folder that another program syncs.")

    private enum SharingWord: String, Choice { case everyone, workspaces }

    private static let initialise = Command(
        "init", in: .start, summary: "Make a store",
        discussion: """
            A store is one directory: a bare git repository with the audio beside it, in the layout of git-lfs. The \
            first store that you make is the one that commands use where they find none nearer.

            A store belongs on a disk of this computer. On a network mount, or in a folder that another program \
            syncs, files can vanish or change under it, so that is refused.

            With --user the person of that handle is made too, and becomes the one that commands act for.
            """,
        arguments: [directory], options: [name, remote, sharing, template, force],
        examples: [
            .init("offbeat init --user ana", "make .offbeat here, for Ana"),
            .init("offbeat init ~/Band --name 'The Band' --user ana", "make it elsewhere, with a name"),
        ],
        json: #"{"store","id","version"}"#, exits: [.refused, .tryLater],
        run: { invocation in
            let workplace = Workplace(invocation)
            try workplace.requireOwnStore(nil)
            let place = invocation[directory] ?? FilePath(".offbeat")
            let path = try place.absolute()
            let handle = try invocation.settings.user.map { (text) throws(Failure) in try Handle(checking: text) }
            let seed = StoreSeed(
                name: invocation[name] ?? Self.libraryName(at: path),
                sharing: invocation[sharing] == .everyone ? .everyone : .workspaces, handle: handle,
                template: try invocation[template]?.absolute() ?? Installation.storeTemplate())
            let here = try FilePath.currentDirectory()
            if let url = invocation[remote] {
                try Library.makeNewRemote(
                    at: url, from: here, forStoreAt: path, context: Workplace(invocation).context)
            }
            let library = try Library.create(
                at: path, seed: seed, context: workplace.context, insisting: invocation[force])
            if let url = invocation[remote] { _ = try library.addRemote("origin", at: url, from: here) }
            try workplace.locator().rememberIfFirst(path)
            let (id, version) = (try library.info().id, try library.version())
            let document: JSON = [
                "store": .string(path.string), "id": .string(id.hex),
                "version": .string(version.description),
            ]
            return Reply(json: document) { page in
                page.remark("Made the library \(seed.name, .bold) in \(path.string)")
                if handle == nil {
                    page.remark("Say who you are with: offbeat user add HANDLE, offbeat config set user HANDLE")
                }
            }
        })

    /// A library is called like its directory; `.offbeat` like the one that it lies in.
    private static func libraryName(at path: FilePath) -> String {
        let last = path.lastComponent?.string ?? "Library"
        return last == ".offbeat" ? path.parent.lastComponent?.string ?? "Library" : last
    }

    private static let handle = Argument.one("HANDLE", .handle, help: "Small letters, digits and dashes.")
    private static let fullName = Option.optional("name", .text, help: "The person's name.")
    private static let email = Option.optional("email", .text, help: "The person's address, for git's history.")

    private static let addUser = Command(
        "user add", in: .start, summary: "Add a person",
        arguments: [handle], options: [fullName, email],
        examples: [.init("offbeat user add ben --name Ben", "add Ben")],
        json: #"{"version","id","handle","name","email"}"#, exits: [.refused, .tryLater],
        run: { invocation in
            let workplace = Workplace(invocation)
            let (person, version) = try workplace.session().addPerson(
                Handle(checking: invocation[handle]), name: invocation[fullName], email: invocation[email])
            var document = person.json
            document["version"] = .string(version.description)
            return Reply(json: .object(document)) { page in
                page.remark("Added \(person.handle?.text ?? "", .bold)")
            }
        })

    private static let listUsers = Command(
        "user ls", in: .start, summary: "List the people of this store",
        json: #"{"users":[{"id","handle","name","email"}]}"#,
        run: { invocation in
            let people = try Workplace(invocation).session().people()
            return Reply(json: ["users": .array(people.map { .object($0.json) })]) { page in
                var table = Table([.whole("HANDLE"), .text("NAME"), .text("EMAIL")])
                for person in people {
                    table.add([Line(person.handle?.text ?? ""), Line(person.name ?? ""), Line(person.email ?? "")])
                }
                page.table(table)
            }
        })
}

extension Handle {
    /// Reads a handle that a person typed.
    init(checking text: String) throws(Failure) {
        guard let handle = Handle(text) else {
            throw .usage(
                "'\(text)' is no handle", hint: "use 1 to 32 small letters, digits and dashes, a dash not first")
        }
        self = handle
    }
}

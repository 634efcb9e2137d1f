import Catalog
import Files
import Offbeat
import Store

/// `remote add`, `remote ls`, `remote rm` and `remote set-url`.
enum RemoteCommands {
    static let all = [add, list, remove, setURL]

    private static let name = Argument.one("NAME", .text, help: "What the remote is called here, such as origin.")
    private static let url = Argument.one(
        "URL", .text, help: "Where it is: a folder, or an ssh or https address as git takes it.")
    private static let endpoint = Option.optional(
        "endpoint", .text, help: "Where git-lfs's server is, if git-lfs would not find it by itself.")

    private static let add = Command(
        "remote add", in: .sync, summary: "Say which shared repository to sync with",
        discussion: """
            A remote is a bare git repository that several laptops share: a folder on a disk, a network mount or a \
            stick, or a repository on another computer. Where there is no folder yet it is made. This is the only command that makes one, beside init \
            --remote: later, a folder that is missing is a disk that is not there.

            A remote on another computer has to be there: on a host of git repositories make an empty one, by ssh say \
            `git init --bare`. Passwords come from `git credential`, keys from ssh, and all that git is configured with \
            counts.

            The remote stands in the store's git configuration, where plain git finds it too.
            """,
        arguments: [name, url], options: [endpoint],
        examples: [
            .init("offbeat remote add origin /mnt/nas/band.git", "share through a folder on the NAS"),
            .init(
                "offbeat remote add origin git@github.com:band/library.git", "share through a host of repositories"),
        ],
        json: #"{"name","url","made"}"#, exits: [.refused, .tryLater],
        run: { invocation in
            let added = try Workplace(invocation).library().addRemote(
                invocation[name], at: invocation[url], from: .currentDirectory(),
                endpoint: invocation[endpoint])
            var document = document(of: added.remote)
            document["made"] = .bool(added.isMade)
            return Reply(json: .object(document)) { page in
                page.remark(
                    "\(added.isMade ? "Made" : "Added") the remote \(added.remote.name, .bold) at \(added.remote.place)"
                )
            }
        })

    private static let list = Command(
        "remote ls", in: .sync, summary: "List the remotes", json: #"{"remotes":[{"name","url"}]}"#,
        run: { invocation in
            let remotes = try Workplace(invocation).library().remotes()
            return Reply(json: ["remotes": .array(remotes.map { .object(document(of: $0)) })]) { page in
                var table = Table([.whole("NAME"), .text("URL")])
                for remote in remotes { table.add([Line(remote.name), Line(remote.place)]) }
                page.table(table)
            }
        })

    private static let remove = Command(
        "remote rm", in: .sync, summary: "Forget a remote; nothing at it is touched", arguments: [name],
        json: #"{"name","url"}"#, exits: [.notFound, .tryLater],
        run: { invocation in
            let remote = try Workplace(invocation).library().removeRemote(invocation[name])
            return Reply(json: .object(document(of: remote))) { page in
                page.remark("Forgot the remote \(remote.name, .bold); what is at \(remote.place) stays")
            }
        })

    private static let setURL = Command(
        "remote set-url", in: .sync, summary: "Say where a remote is now", arguments: [name, url],
        json: #"{"name","url"}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let remote = try Workplace(invocation).library().setRemote(
                invocation[name], at: invocation[url], from: .currentDirectory())
            return Reply(json: .object(document(of: remote))) { page in
                page.remark("The remote \(remote.name, .bold) is at \(remote.place)")
            }
        })

    private static func document(of remote: Remote) -> JSONObject {
        ["name": .string(remote.name), "url": .string(remote.place)]
    }
}

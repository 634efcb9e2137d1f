import Catalog
import Files
import Offbeat
import Store

/// `remote add`, `remote ls`, `remote rm` and `remote set-url`.
enum RemoteCommands {
    static let all = [add, list, remove, setURL]

    private static let name = Argument.one("NAME", .text, help: "What the remote is called here, such as origin.")
    private static let url = Argument.one(
        "URL", .text, help: "Where it is: the path of a folder, or file:// with one.")
    private static let endpoint = Option.optional(
        "endpoint", .text, help: "Where git-lfs's server is, if git-lfs would not find it by itself.")

    private static let add = Command(
        "remote add", in: .sync, summary: "Say which shared repository to sync with",
        discussion: """
            A remote is a bare git repository that several laptops share: a folder on a disk, a network mount or a \
            stick. Where there is nothing yet it is made. This is the only command that makes one, beside init \
            --remote: later, a folder that is missing is a disk that is not there.

            The remote stands in the store's git configuration, where plain git finds it too.
            """,
        arguments: [name, url], options: [endpoint],
        examples: [.init("offbeat remote add origin /mnt/nas/band.git", "share through a folder on the NAS")],
        json: #"{"name","url","made"}"#, exits: [.refused, .tryLater],
        run: { invocation in
            let added = try Workplace(invocation).library().addRemote(
                invocation[name], at: invocation[url], from: .currentDirectory(),
                endpoint: invocation[endpoint])
            var document = document(of: added.remote)
            document["made"] = .bool(added.isMade)
            return Reply(json: .object(document)) { page in
                page.remark(
                    "\(added.isMade ? "Made" : "Added") the remote \(added.remote.name, .bold) at \(added.remote.url)"
                )
            }
        })

    private static let list = Command(
        "remote ls", in: .sync, summary: "List the remotes", json: #"{"remotes":[{"name","url"}]}"#,
        run: { invocation in
            let remotes = try Workplace(invocation).library().remotes()
            return Reply(json: ["remotes": .array(remotes.map { .object(document(of: $0)) })]) { page in
                var table = Table([.whole("NAME"), .text("URL")])
                for remote in remotes { table.add([Line(remote.name), Line(remote.url)]) }
                page.table(table)
            }
        })

    private static let remove = Command(
        "remote rm", in: .sync, summary: "Forget a remote; nothing at it is touched", arguments: [name],
        json: #"{"name","url"}"#, exits: [.notFound, .tryLater],
        run: { invocation in
            let remote = try Workplace(invocation).library().removeRemote(invocation[name])
            return Reply(json: .object(document(of: remote))) { page in
                page.remark("Forgot the remote \(remote.name, .bold); what is at \(remote.url) stays")
            }
        })

    private static let setURL = Command(
        "remote set-url", in: .sync, summary: "Say where a remote is now", arguments: [name, url],
        json: #"{"name","url"}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let remote = try Workplace(invocation).library().setRemote(
                invocation[name], at: invocation[url], from: .currentDirectory())
            return Reply(json: .object(document(of: remote))) { page in
                page.remark("The remote \(remote.name, .bold) is at \(remote.url)")
            }
        })

    private static func document(of remote: Remote) -> JSONObject {
        ["name": .string(remote.name), "url": .string(remote.url)]
    }
}

import Catalog
import Offbeat
import Serving
import Store

/// How the library stands, and how it stands with its remote.
enum StatusAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/status", "How the library stands", tag: "about",
            answers: [.json("Status", "Counts, and what there is to see to")]
        ) { call in
            var document = try call.session().status().json.asObject ?? JSONObject()
            document["remote"] = document["remote"]?.asObject.map { .object(discreet($0)) } ?? .null
            return Response(json: .object(document))
        },
        Route(
            .get, "/api/sync", "How it stands with the remote", tag: "sync",
            answers: [.json("SyncStatus", "What is known here; the remote is not asked")]
        ) { call in
            var document = try syncDocument(of: call.session())
            // A guest's library syncs with nobody.
            let desk = call.visitor?.library.guest == nil ? call.service.sync : nil
            document["running"] = .bool(desk?.running != nil)
            document["progress"] = desk?.running?.json ?? .null
            document["rounds"] = .array((desk?.rounds ?? []).map(\.json))
            return Response(json: .object(document))
        },
    ]

    /// Flat, with null in the place of all that there is not without a remote.
    static func syncDocument(of session: Session) throws -> JSONObject {
        var document = discreet(try session.remoteStatus()?.json.asObject ?? JSONObject())
        let name = document["name"] ?? .null
        document["remote"] = name == .null ? .null : ["name": name, "url": document["url"] ?? .null]
        document["name"] = nil
        document["url"] = nil
        for key in ["ahead", "behind", "lastSync", "lastError"] { document[key] = document[key] ?? .null }
        return document
    }

    /// Without the folders of this computer.
    private static func discreet(_ remote: JSONObject) -> JSONObject {
        var remote = remote
        remote["url"] = remote["url"]?.asString.flatMap(Discretion.address).map(JSON.string) ?? .null
        remote["lastError"] =
            remote["lastError"]?.asString.map { .string(Discretion.withoutPaths($0)) } ?? .null
        return remote
    }

    private static let remote: JSONObject = [
        "name": Schemas.text, "url": Schemas.optionalText, "ahead": Schemas.number, "behind": Schemas.number,
        "lastSync": Schemas.optionalTime, "lastError": Schemas.optionalText,
    ]

    static let schemas: JSONObject = [
        "Status": Schemas.object(
            [
                "version": Schemas.text, "user": Schemas.optionalText, "tracks": Schemas.number,
                "posts": Schemas.number, "remote": ["anyOf": [Schemas.whole(remote), ["type": "null"]]],
                "files": Schemas.whole([
                    "here": Schemas.number, "missing": Schemas.number, "toUpload": Schemas.number,
                    "bytesToUpload": Schemas.number,
                ]), "conflicts": Schemas.number, "waiting": Schemas.number,
                "unreadable": Schemas.list(Schemas.whole(["path": Schemas.text, "reason": Schemas.text])),
                "guest": ["type": "object"],
            ],
            required: [
                "version", "user", "tracks", "posts", "remote", "files", "conflicts", "waiting", "unreadable",
            ]),
        "SyncStatus": Schemas.whole([
            "remote": [
                "anyOf": [
                    Schemas.whole(["name": Schemas.text, "url": Schemas.optionalText]), ["type": "null"],
                ]
            ], "ahead": Schemas.optionalNumber, "behind": Schemas.optionalNumber,
            "lastSync": Schemas.optionalTime, "lastError": Schemas.optionalText, "running": ["type": "boolean"],
            "progress": ["type": ["object", "null"]],
            "rounds": Schemas.list(["type": "object"]),
        ]),
    ]
}

import Catalog
import Files
import HTTP
import Offbeat
import Testing

@testable import Web

@Suite struct WorkspaceAPITests {
    @Test func peopleAreAddedOnceAndListed() throws {
        try Team.with { (team) throws in
            let people = try team.ben.ask(.get, "/api/people").json()["people"]?.asArray ?? []
            #expect(people.compactMap { $0["handle"]?.asString }.sorted() == ["ana", "ben"])
            #expect(try team.ana.ask(.post, "/api/people", ["handle": "ben"]).status == 409)
            #expect(try team.ana.ask(.post, "/api/people", ["handle": "No Handle"]).status == 400)
            #expect(try team.ana.ask(.post, "/api/people", ["handle": 1]).status == 400)
            #expect(try team.ana.ask(.post, "/api/people", [:]).status == 400)
            #expect(try team.ana.ask(.post, "/api/people", ["handle": "eve", "admin": true]).status == 400)
            #expect(try team.ana.ask(.post, "/api/people", ["handle"]).status == 400)
        }
    }

    @Test func aWorkspaceOfOthersIsNotThere() throws {
        try Team.with { (team) throws in
            #expect(try team.ben.ask(.get, "/api/workspaces").json()["workspaces"] == [])
            let post = try team.ana.write()
            let there = ["/api/workspaces/band", "/api/workspaces/band/posts", post]
            for path in there {
                let hidden = try team.ben.ask(.get, path)
                #expect(hidden.status == 404, "\(path)")
                #expect(try hidden.json()["detail"]?.asString?.contains("Out now") == false)
            }
            let strange = try team.ben.ask(.get, "/api/workspaces/nowhere").json()
            let hidden = try team.ben.ask(.get, "/api/workspaces/band").json()
            #expect(hidden["code"] == strange["code"])
            #expect(hidden["detail"] == "there is no workspace band")
            #expect(try team.ben.ask(.patch, "/api/workspaces/band", ["name": "Mine"]).status == 404)
            #expect(try team.ben.ask(.post, "/api/workspaces/band/posts", ["text": "x"]).status == 404)
            #expect(try team.ben.ask(.get, "/api/posts").json()["total"] == 0)
        }
    }

    @Test func ownersChangeAWorkspaceAndOthersAreToldWhatItTakes() throws {
        try Team.with(.editor) { (team) throws in
            let change: JSON = [
                "name": "The Band", "approval": "none", "selfApproval": true, "lateness": 5400,
                "profiles": ["one", "two"], "zone": "UTC",
            ]
            let refused = try team.ben.ask(.patch, "/api/workspaces/band", change)
            #expect(refused.status == 403)
            #expect(
                try refused.json()["detail"]
                    == "to change the workspace takes an owner of band, and you are an editor")
            let changed = try team.ana.ask(.patch, "/api/workspaces/band", change)
            #expect(changed.status == 200)
            let workspace = try changed.json()["workspace"]
            for (key, value) in change.asObject?.entries.map({ ($0.key, $0.value) }) ?? [] {
                #expect(workspace?[key] == value, "\(key)")
            }
            #expect(try team.ben.ask(.get, "/api/workspaces/band").json()["role"] == "editor")
            let less = try team.ana.ask(.patch, "/api/workspaces/band", ["profiles": ["two"], "name": .null])
            #expect(try less.json()["workspace"]?["profiles"] == ["two"])
            #expect(try less.json()["workspace"]?["name"] == .null)
        }
    }

    @Test func nonsenseAboutAWorkspaceIsRefused() throws {
        try Team.with { (team) throws in
            for document: JSON in [
                [:], ["name": 7], ["approval": "perhaps"], ["zone": "Mars/Base"], ["lateness": -1],
                ["lateness": "PT1H"], ["selfApproval": "yes"], ["profiles": "one"], ["profiles": [1]],
                ["slug": "No Slug"], ["owner": "ben"], [],
            ] {
                #expect(try team.ana.ask(.patch, "/api/workspaces/band", document).status == 400, "\(document)")
            }
            #expect(try team.ana.ask(.post, "/api/workspaces", ["slug": "band"]).status == 409)
            #expect(try team.ana.ask(.post, "/api/workspaces", ["slug": "-"]).status == 400)
        }
    }

    @Test func membersComeAndGoButNotTheLastOwner() throws {
        try Team.with { (team) throws in
            let ben = "/api/workspaces/band/members/ben"
            #expect(try team.ana.ask(.put, ben, ["role": "viewer"]).status == 200)
            #expect(try team.ben.ask(.get, "/api/workspaces/band").status == 200)
            #expect(try team.ben.ask(.put, ben, ["role": "owner"]).status == 403)
            #expect(try team.ana.ask(.put, ben, ["role": "king"]).status == 400)
            #expect(try team.ana.ask(.put, "/api/workspaces/band/members/eve", ["role": "viewer"]).status == 404)
            #expect(try team.ana.ask(.delete, "/api/workspaces/band/members/ana").status == 409)
            #expect(try team.ana.ask(.delete, ben).status == 200)
            #expect(try team.ana.ask(.delete, ben).status == 404)
            #expect(try team.ben.ask(.get, "/api/workspaces/band").status == 404)
        }
    }

    @Test func tracksAreSharedWithAWorkspaceByEditors() throws {
        try Team.with(.viewer) { (team) throws in
            let id = try team.ana.addSound()
            let place = "/api/workspaces/band/tracks/\(id)"
            #expect(try team.ben.ask(.put, place).status == 403)
            let shared = try team.ana.ask(.put, place)
            #expect(try shared.json()["changed"] == [.string(id)])
            #expect(try team.ana.ask(.put, place).json()["changed"] == [])
            #expect(try team.ana.ask(.delete, place).json()["changed"] == [.string(id)])
            #expect(try team.ana.ask(.put, "/api/workspaces/band/tracks/ffffffff").status == 404)
        }
    }

    @Test func foldersAndTokensOfTheComputerStayHere() throws {
        try Team.with { (team) throws in
            let place = team.ana.folder.appending("feed")
            var request = TargetRequest(.feed)
            request.settings = ["title": "Songs", "baseUrl": "https://example.org/band"]
            request.folder = place
            _ = try team.ana.library.session().setTarget("band", request)
            let workspace = try team.ana.ask(.get, "/api/workspaces/band")
            #expect(try workspace.json()["targetSettings"]?["feed"]?["title"] == "Songs")
            #expect(!workspace.text.contains(place.string))
        }
    }
}

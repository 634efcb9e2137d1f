import Catalog
import Offbeat
import Serving
import Store

/// The people of a library.
enum PersonAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/people", "List the people", tag: "people", answers: [.json("PersonList", "Everybody")]
        ) { call in
            let people = try call.session().people()
            return Response(json: ["people": .array(people.map { document(of: $0, for: call) })])
        },
        Route(
            .post, "/api/people", "Add a person", tag: "people", body: .json("NewPerson"),
            answers: [.json("AddedPerson", "The person", status: 201)]
        ) { call in
            let form = try call.form("handle", "name", "email")
            guard let handle = Handle(try form.requiredText("handle")) else {
                throw Refusal(400, "a handle is 1 to 32 small letters, digits and dashes, a dash not first")
            }
            let (person, version) = try call.session().addPerson(
                handle, name: form.text("name"), email: form.text("email"))
            return Response(
                201,
                json: ["version": .string(version.description), "person": document(of: person, for: call)])
        },
    ]

    /// A visitor without a name is told nobody's address.
    private static func document(of person: Person, for call: Call) -> JSON {
        var document = person.json
        if call.visitor?.way == .guest { document["email"] = .null }
        return .object(document)
    }

    static let schemas: JSONObject = [
        "Person": Schemas.whole([
            "id": Schemas.text, "handle": Schemas.optionalText, "name": Schemas.optionalText,
            "email": Schemas.optionalText,
        ]),
        "PersonList": Schemas.whole(["people": Schemas.list(Schemas.reference("Person"))]),
        "NewPerson": Schemas.form(
            [
                "handle": ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,31}$"], "name": Schemas.optionalText,
                "email": Schemas.optionalText,
            ], required: ["handle"]),
        "AddedPerson": Schemas.whole(["version": Schemas.text, "person": Schemas.reference("Person")]),
    ]
}

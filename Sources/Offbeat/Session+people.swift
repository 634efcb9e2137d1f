public import Catalog
public import Store

extension Person {
    /// The document that scripts and pages read: every key is always there.
    public var json: JSONObject {
        [
            "id": .string(id.description), "handle": handle.map { .string($0.text) } ?? .null,
            "name": name.map(JSON.string) ?? .null, "email": email.map(JSON.string) ?? .null,
        ]
    }
}

extension Session {
    /// Everybody in this store.
    public func people() throws(Failure) -> [Person] {
        do { return try store.snapshot().people() } catch { throw Failure(error) }
    }

    /// Adds a person. The handle must be free.
    public func addPerson(_ handle: Handle, name: String?, email: String?) throws(Failure) -> (Person, Version) {
        do {
            try library.refuseGuests("add people")
            var added: Person?
            let version = try store.write(by: person) { draft in
                if try draft.base.people().contains(where: { $0.handle == handle }) {
                    throw Failure(.wrongState, "\(handle) is somebody already", hint: "choose another handle")
                }
                let stamp = draft.stamp()
                var person = Person(id: draft.newID(), handle: handle, created: stamp)
                try person.set("name", to: name.map(JSON.string), at: stamp)
                try person.set("email", to: email.map(JSON.string), at: stamp)
                try draft.put(person)
                added = person
                return "Add the person \(handle)"
            }
            guard let added else { throw Failure(.io, "the person \(handle) was not made") }
            return (added, version)
        } catch { throw Failure(error) }
    }
}

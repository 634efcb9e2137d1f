import Catalog

extension Sequence<Person> {
    /// The one person of a handle or id.
    ///
    /// Throws `.notFound` for nobody, and `.ambiguous` for two people under one handle, which stands for neither then.
    func one(named name: String) throws(Failure) -> Person {
        let found = filter { $0.handle?.text == name || $0.id.hex == name }
        guard let person = found.first else {
            throw Failure(
                .notFound, "nobody here has the handle \(name)",
                hint: "`offbeat user ls` lists people, `offbeat user add \(name)` adds one")
        }
        guard found.count == 1 else {
            throw Failure(
                .ambiguous, "\(found.count) people have the handle \(name), so it stands for none of them",
                hint: "name one of them by id: " + found.map(\.id.description).joined(separator: ", "))
        }
        return person
    }
}

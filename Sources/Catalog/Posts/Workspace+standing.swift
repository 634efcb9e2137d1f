extension Record where Kind == WorkspaceKind {
    /// What a person may do here; nil for somebody who does not belong here.
    ///
    /// Two owners who remove each other on two laptops would leave nobody to look after the workspace. So where no owner
    /// is left, those with the greatest role that is left count as owners; where nobody is left at all, everybody who
    /// ever belonged here does.
    public func standing(of person: PersonID) -> Role? {
        let members = members
        guard let greatest = members.map(\.role).max() else {
            return fields["members"]?[person.hex] == nil ? nil : .owner
        }
        return role(of: person).map { $0 == greatest ? .owner : $0 }
    }

    /// Everybody who may do something here, and what that is; ``standing(of:)`` tells it of one.
    public var standings: [Member] {
        let people = fields["members"]?.asObject?.keys.compactMap { PersonID($0) } ?? []
        return people.compactMap { person in standing(of: person).map { Member(person: person, role: $0) } }
    }

    /// Whether this person is the only one who looks after the workspace.
    public func isLastOwner(_ person: PersonID) -> Bool {
        standing(of: person) == .owner && !members.contains { $0.person != person && $0.role == .owner }
    }

    /// Gives a person a role.
    @discardableResult
    public mutating func setRole(of person: PersonID, to role: Role, at stamp: Stamp) throws(CatalogError) -> Bool {
        try add(person.hex, to: "members", at: stamp, with: ["role": .string(role.rawValue)])
    }
}

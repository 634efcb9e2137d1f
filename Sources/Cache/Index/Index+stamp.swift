import Git
import Store

extension Index {
    /// What tells the list of the tracks that somebody may use from what it was and will be; nil where there is nothing yet.
    ///
    /// It stays the same as long as no track of that list, nobody's handle and nothing that the store says of itself changes.
    public func stamp(ofPickerIn scope: TrackRequest.Scope) throws -> Answer<String?> {
        try refresh { reader in
            try reader.change(ofPickerIn: scope).map {
                "\($0.turn) \($0.version) \(reader.heads.analyses?.description ?? "")"
            }
        }
    }
}

public import Digest

/// The file that a record speaks of, whatever its kind: a track's or stem's audio, a post's image.
extension Record {
    static var fileField: String { Kind.schema["image"] == nil ? "audio" : "image" }

    /// The file's hash.
    public var file: ContentHash? {
        fields[Self.fileField]?["oid"]?.asString.flatMap { ContentHash(hex: $0) }
    }

    /// What the file's name ends in, as it was called where it came from.
    public var fileExtension: FileExtension? {
        let name = fields[Self.fileField]?["name"]?.asString ?? ""
        return name.split(separator: ".").last.flatMap { FileExtension(String($0).lowercased()) }
    }

    /// The record as it is when its pointer names another file than it says, since somebody put that there with plain
    /// git. No stamp says when.
    public func speaking(of file: ContentHash, size: Int64) -> Record {
        // A post without an image may get one in this way; audio is always there.
        let none: JSONObject? = Self.fileField == "image" ? [:] : nil
        guard var values = fields[Self.fileField]?.asObject ?? none else { return self }
        var record = self
        values["oid"] = .string(file.hex)
        if values["size"] != nil { values["size"] = .integer(size) }
        record.fields[Self.fileField] = .object(values)
        return record
    }
}

extension Conflict {
    /// The file that lost, if the conflict is about a file.
    public var file: ContentHash? {
        guard field == "audio" || field == "image" else { return nil }
        return value?["oid"]?.asString.flatMap { ContentHash(hex: $0) }
    }

    /// The texts that lie beside the record because they are long.
    public var longTexts: [ContentHash] {
        [base, value].compactMap { $0?[Self.longMember]?.asString.flatMap { ContentHash(hex: $0) } }
    }
}

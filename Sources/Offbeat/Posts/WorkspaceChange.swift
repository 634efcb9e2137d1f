import Catalog

/// One change of a workspace's settings.
public enum WorkspaceChange: Sendable, Hashable {
    /// `field=value`; an empty value clears the field.
    case field(String, String)
    /// `+KEY`: an account at a publishing service.
    case addProfile(String)
    /// `-KEY`.
    case removeProfile(String)

    /// The fields that can be set.
    static let fields = ["name", "slug", "approval", "selfApproval", "zone", "lateness"]

    /// Reads `field=value`, `+KEY` or `-KEY`.
    public init(parsing text: String) throws(Failure) {
        switch text.utf8.first {
        case UInt8(ascii: "+") where text.utf8.count > 1: self = .addProfile(String(text.dropFirst()))
        case UInt8(ascii: "-") where text.utf8.count > 1: self = .removeProfile(String(text.dropFirst()))
        default:
            guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw Failure(.usage, "\(text) is no change", hint: "write field=value, +KEY or -KEY")
            }
            let field = String(text[..<equals])
            guard Self.fields.contains(field) else {
                throw Failure(
                    .usage, "a workspace has no field \(field)",
                    hint: "there are: \(Self.fields.joined(separator: ", "))")
            }
            self = .field(field, String(text[text.utf8.index(after: equals)...]))
        }
    }

    /// The value of a field, checked.
    static func value(of field: String, _ text: String, zones: Zones) throws -> JSON? {
        if text.isEmpty { return nil }
        switch field {
        case "selfApproval":
            guard text == "true" || text == "false" else {
                throw Failure(.usage, "selfApproval is true or false, and \(text) is neither")
            }
            return .bool(text == "true")
        case "approval":
            guard Workspace.Approval(rawValue: text) != nil else {
                throw Failure(.usage, "approval is required or none, and \(text) is neither")
            }
        case "zone": _ = try zones.require(text)
        case "lateness":
            guard PeriodOfTime.seconds(text) != nil else {
                throw Failure(.usage, "\(text) is no length of time", hint: "write it as PT1H, PT90M or P1D")
            }
        default: break
        }
        return .string(text)
    }
}

/// What a field's value looks like, and how far it may go.
public indirect enum Shape: Sendable {
    /// Text on one line, of at most so many Unicode scalars.
    case line(Int)
    /// Text of several lines, of at most so many Unicode scalars.
    case text(Int)
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// A number above the first and up to the second.
    case number(above: Double, upTo: Double)
    /// A truth value.
    case bool
    /// One of these words; a newer program may know more.
    case choice([String])
    /// A `Stamp`.
    case stamp
    /// A SHA-256 in hexadecimal.
    case hash
    /// An `Identifier`.
    case identifier
    /// A `Handle`, `Slug` or `StemType`.
    case name
    /// A `LocalTime`.
    case localTime
    /// An object of these fields, and perhaps of others that are carried along.
    case object([Field])
    /// A list of values.
    case list(Shape)
    /// A set: element → `{"at": stamp}` or `{"at": stamp, "gone": true}`, with these further fields.
    case set(ElementRule, [Field])
    /// An object that carries its own stamp as `at`.
    case stamped([Field])
    /// Stamps by the names of fields.
    case stamps

    /// A named value of a record, or of an object in one.
    public struct Field: Sendable {
        /// The name.
        public let name: String
        /// What its value looks like.
        public let shape: Shape
        /// Whether it has to be there.
        public let isRequired: Bool
        /// Whether it is settled when the record is made, or kept by the record itself.
        public let isFixed: Bool
        /// What two laptops make of it that decided it apart.
        let merging: Merging

        init(
            _ name: String, _ shape: Shape, isRequired: Bool = false, isFixed: Bool = false,
            merging: Merging = .later
        ) {
            self.name = name
            self.shape = shape
            self.isRequired = isRequired
            self.isFixed = isFixed
            self.merging = merging
        }
    }

    /// What the elements of a set may be called.
    public enum ElementRule: Sendable {
        /// Any text on one line, of at most so many Unicode scalars.
        case line(Int)
        /// An `Identifier`.
        case identifier
        /// A conflict's key.
        case conflict
    }
}

/// The fields of one kind of record.
public struct Schema: Sendable {
    /// The fields, by the bytes of their names.
    public let fields: [Shape.Field]

    init(_ fields: [Shape.Field]) { self.fields = Shape.sorted(fields) }

    /// The field of that name.
    public subscript(_ name: String) -> Shape.Field? { fields.first { UTF8Order.equal($0.name, name) } }

    /// What every record has beside its own fields.
    static func record(_ fields: Shape.Field...) -> Schema {
        Schema(
            fields + [
                Shape.Field("created", .stamp, isRequired: true, isFixed: true),
                Shape.Field("edits", .stamps, isFixed: true),
            ])
    }

    /// The `conflicts` of records that keep what lost a merge.
    static let conflicts = Shape.Field("conflicts", .set(.conflict, []), isFixed: true, merging: .settled)
}

extension Shape {
    /// Checking walks value and schema side by side, so the fields of a shape have to be in the order of bytes.
    static func sorted(_ fields: [Field]) -> [Field] {
        fields.sorted { UTF8Order.precedes($0.name, $1.name) }
    }

    static func sortedObject(_ fields: Field...) -> Shape { .object(sorted(fields)) }

    static func sortedStamped(_ fields: Field...) -> Shape { .stamped(sorted(fields)) }

    static func sortedSet(_ rule: ElementRule, _ fields: Field...) -> Shape { .set(rule, sorted(fields)) }
}

/// Joins two records, place by place.
struct RecordJoin<Kind: RecordKind> {
    let sides: [Record<Kind>]
    let base: Record<Kind>?
    /// The earlier of the two times at which it was made.
    let created: Stamp
    private(set) var fields = JSONObject()
    private var edits = JSONObject()
    /// What lost, by the keys of their conflicts.
    private(set) var lost: [(key: Conflict.Key, element: JSONObject)] = []

    init(_ one: Record<Kind>, _ other: Record<Kind>, base: Record<Kind>?) {
        sides = [one, other]
        self.base = base
        created = min(one.created, other.created)
        let all = sides.flatMap { [$0.fields, $0.fields["edits"]?.asObject] }
        for field in JSONObject.keys(of: all) where !Self.own.contains(field) { join(field) }
        fields[Kind.identityField] = one.fields[Kind.identityField]
        fields["created"] = .string(created.description)
        fields["edits"] = .object(edits)
    }

    /// What the record keeps by itself.
    private static var own: [String] { [Kind.identityField, "created", "edits"] }

    // MARK: Fields

    private mutating func join(_ field: String) {
        let merging = Kind.schema[field]?.merging ?? .later
        // What goes with the file comes when the file is known.
        if merging == .ofFile { return }
        switch shape(of: field) {
        case .set: joinSet(field, merging)
        case .stamped: joinStamped(field, merging)
        default:
            let base = base.map { $0.cell(of: field, undecidedSince: $0.created == created ? created : nil) }
            let joined = CellJoin(sides[0].cell(of: field), sides[1].cell(of: field), base: base, merging)
            put(joined.result, in: field)
            note(joined.lost, field, base)
        }
    }

    /// How a field is joined: as its schema says, an unknown one by what it looks like on all sides.
    private enum JoinShape { case set, stamped, plain }

    private func shape(of field: String) -> JoinShape {
        if let known = Kind.schema[field]?.shape {
            switch known {
            case .set: return .set
            case .stamped: return .stamped
            default: return .plain
            }
        }
        let objects = (sides + [base].compactMap(\.self)).compactMap { $0.fields[field] }.map(\.asObject)
        let known = objects.compactMap(\.self)
        guard !known.isEmpty, known.count == objects.count else { return .plain }
        if known.allSatisfy({ Cell.ownStamp(in: $0) != nil }) { return .stamped }
        let isSet = known.allSatisfy { object in
            object.entries.allSatisfy { $0.value.asObject.flatMap(Cell.ownStamp) != nil }
        }
        return isSet && known.contains { !$0.isEmpty } ? .set : .plain
    }

    private mutating func put(_ cell: Cell, in field: String) {
        fields[field] = cell.value
        guard let stamp = cell.stamp, stamp != created else { return }
        edits[field] = .string(stamp.description)
    }

    /// Takes note of a value that lost.
    private mutating func note(_ cell: Cell?, _ place: String, _ base: Cell?) {
        guard let cell else { return }
        let stamp = cell.stamp ?? created
        let key = Conflict.Key(field: place, stamp: stamp, value: cell.value)
        var element: JSONObject = ["at": .string(stamp.description)]
        element["value"] = cell.value
        element["base"] = base?.value
        lost.append((key, element))
    }

    // MARK: Sets

    private mutating func joinSet(_ field: String, _ merging: Merging) {
        let sets = sides.map { $0.fields[field]?.asObject }
        guard sets.contains(where: { $0 != nil }) else { return }
        let known = base?.fields[field]?.asObject
        var joined = JSONObject()
        for element in JSONObject.keys(of: sets + [known]) {
            let base = base.map { _ in Cell(element: known?[element]) }
            var cells = sets.map { Cell(element: $0?[element]) }
            // The trace of what was taken away is nothing that anybody would take away.
            if let base, base.isGone { cells = cells.map { $0.value == nil ? base : $0 } }
            let result = CellJoin(cells[0], cells[1], base: base, merging)
            var values = result.result.value?.asObject ?? ["gone": true]
            guard let stamp = result.result.stamp else { continue }
            values["at"] = .string(stamp.description)
            joined[element] = .object(values)
            note(result.lost, FieldPlace(field: field, element: element).description, base)
        }
        fields[field] = .object(joined)
    }

    // MARK: What carries its own stamp

    private mutating func joinStamped(_ field: String, _ merging: Merging) {
        let base = base.map { Cell(stamped: $0.fields[field]) }
        let cells = sides.map { Cell(stamped: $0.fields[field]) }
        let joined = CellJoin(cells[0], cells[1], base: base, merging)
        guard var object = joined.result.value?.asObject else { return }
        object["at"] = (joined.result.stamp ?? created).json
        fields[field] = .object(object)
        note(joined.lost, field, base)
        if merging == .file { joinCompanions(of: object["oid"], in: cells) }
    }

    /// What is said of a file comes from the side whose file it is; from both where they have the same.
    private mutating func joinCompanions(of oid: JSON?, in cells: [Cell]) {
        let owners = zip(sides, cells).filter { $0.1.value?["oid"] == oid }.map(\.0)
        for field in Kind.schema.fields.filter({ $0.merging == .ofFile }).map(\.name) {
            var said = owners.map { $0.cell(of: field) }
            let fitting = said.filter { $0.value?["of"] == oid }
            if !fitting.isEmpty { said = fitting }
            guard let first = said.first else { continue }
            put(said.dropFirst().reduce(first) { CellJoin($0, $1, base: nil, .ofFile).result }, in: field)
        }
    }
}

extension Stamp {
    var json: JSON { .string(description) }
}

extension Cell {
    /// An element of a set.
    init(element: JSON?) { self.init(stamped: element) }

    /// A value that carries its own stamp.
    init(stamped value: JSON?) {
        self.value = value?.asObject.map { .object($0.without("at")) }
        stamp = value?.asObject.flatMap(Self.ownStamp)
    }

    static func ownStamp(in object: JSONObject) -> Stamp? { object["at"]?.asString.flatMap { Stamp($0) } }

    fileprivate var isGone: Bool { value?["gone"] == true }
}

extension Record {
    /// What stands in a plain field. An absent field that nobody ever decided says nothing; of what others were made from
    /// it says since when there was nothing, so that what has come since by hand is told.
    func cell(of field: String, undecidedSince undecided: Stamp? = nil) -> Cell {
        let value = fields[field]
        let edited = fields["edits"]?[field]?.asString.flatMap { Stamp($0) }
        return Cell(value: value, stamp: edited ?? (value == nil ? undecided : created))
    }
}

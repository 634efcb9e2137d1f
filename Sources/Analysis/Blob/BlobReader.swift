import Catalog

/// Takes apart what a blob holds. Nothing that the blob says is believed before it is checked.
struct BlobReader {
    private(set) var facts: BlobFacts
    /// The unpacked bytes; arrays of bytes stand in them as values once ``sum()`` was called.
    private(set) var raw: [UInt8]
    private var placeByName: [String: Int] = [:]

    /// Unpacks a blob and reads what there is in it.
    init(_ blob: [UInt8]) throws(AnalysisError) {
        let (header, raw) = try blob.withUnsafeBufferPointer { buffer throws(AnalysisError) in
            let bytes = UnsafeRawBufferPointer(buffer)
            let header = try BlobHeader(bytes)
            let payload = UnsafeRawBufferPointer(rebasing: bytes[BlobHeader.size...])
            return (header, try header.unpack(payload))
        }
        let jsonSize = try Self.jsonSize(raw)
        let json = try Self.json(Array(raw[4..<4 + jsonSize]))
        self.raw = raw
        facts = BlobFacts(
            codec: header.codec, size: blob.count, rawSize: raw.count, checksum: header.checksum,
            jsonSize: jsonSize, json: json, arrays: [])
        try readColumns(from: 4 + jsonSize)
    }

    private static func jsonSize(_ raw: [UInt8]) throws(AnalysisError) -> Int {
        guard raw.count >= 4 else { throw AnalysisError(.damaged, "holds only \(raw.count) bytes") }
        let size = raw.withUnsafeBytes { Int($0.little(at: 0, as: UInt32.self)) }
        guard size <= raw.count - 4 else {
            throw AnalysisError(.damaged, "says that \(size) bytes of JSON are in the \(raw.count - 4) it has")
        }
        guard size <= AnalysisBlob.jsonLimit else {
            throw AnalysisError(.tooLarge, "has \(size) bytes of JSON; \(AnalysisBlob.jsonLimit) are allowed")
        }
        return size
    }

    private static func json(_ text: [UInt8]) throws(AnalysisError) -> JSONObject {
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(text)
        } catch {
            throw AnalysisError(.damaged, "has JSON that cannot be read: \(error)")
        }
        guard let object = value.asObject else { throw AnalysisError(.damaged, "has JSON that is no object") }
        return object
    }

    /// Reads the descriptions; all arrays together are exactly what is behind the JSON.
    private mutating func readColumns(from begin: Int) throws(AnalysisError) {
        guard let list = facts.json["arrays"]?.asArray else { throw AnalysisError(.damaged, "names no arrays") }
        var start = begin
        facts.arrays.reserveCapacity(list.count)
        for item in list {
            let column = try Self.column(item, start: start, end: raw.count)
            guard placeByName.updateValue(facts.arrays.count, forKey: column.name) == nil else {
                throw AnalysisError(.damaged, "has the array \(column.name) twice")
            }
            facts.arrays.append(column)
            start += column.size
        }
        guard start == raw.count else {
            throw AnalysisError(.damaged, "holds \(raw.count - start) bytes behind its last array")
        }
    }

    private static func column(_ item: JSON, start: Int, end: Int) throws(AnalysisError) -> BlobFacts.Column {
        guard let name = item["name"]?.asString, let kind = item["type"]?.asString.flatMap(BlobFacts.Kind.init),
            let count = item["count"]?.asInteger, let isDelta = item["delta"]?.asBool,
            let scale = item["scale"]?.asDouble, let offset = item["offset"]?.asDouble
        else { throw AnalysisError(.damaged, "describes an array in a way that is not known") }
        guard count >= 0, count <= (end - start) / kind.width else {
            throw AnalysisError(.damaged, "says that the array \(name) has \(count) numbers, more than there are")
        }
        guard kind != .f32 || !isDelta else {
            throw AnalysisError(.damaged, "has differences of single precision in the array \(name)")
        }
        return BlobFacts.Column(
            name: name, kind: kind, scale: scale, offset: offset, count: Int(count), isDelta: isDelta, start: start)
    }
}

extension BlobReader {
    /// The description of an array, if there is one of that name.
    func column(_ name: String) -> BlobFacts.Column? { placeByName[name].map { facts.arrays[$0] } }

    /// The description of an array of bytes.
    func byteColumn(_ name: String) throws(AnalysisError) -> BlobFacts.Column {
        guard let column = column(name) else { throw AnalysisError(.damaged, "lacks the array \(name)") }
        guard column.kind.width == 1 else { throw AnalysisError(.damaged, "has no bytes in the array \(name)") }
        return column
    }

    /// The bytes of an array.
    func bytes(of column: BlobFacts.Column) -> ArraySlice<UInt8> { raw[column.start..<column.start + column.size] }

    /// Turns differences into values, for all arrays of bytes.
    mutating func sum() {
        raw.withUnsafeMutableBufferPointer { raw in
            for column in facts.arrays where column.isDelta && column.kind.width == 1 {
                var value: UInt8 = 0
                for place in column.start..<column.start + column.count {
                    value &+= raw[place]
                    raw[place] = value
                }
            }
        }
    }

    /// The whole numbers of an array; none where there is no such array.
    func moments(_ name: String) throws(AnalysisError) -> [Int] {
        guard let column = column(name) else { return [] }
        let moments =
            switch column.kind {
            case .i8: numbers(column, Int8.self)
            case .u8: numbers(column, UInt8.self)
            case .i16: numbers(column, Int16.self)
            case .u16: numbers(column, UInt16.self)
            case .i32: numbers(column, Int32.self)
            case .u32: numbers(column, UInt32.self)
            case .i64: numbers(column, Int64.self)
            case .f32: throw AnalysisError(.damaged, "has no whole numbers in the array \(name)")
            }
        // Moments are subtracted from each other later, and are JSON numbers.
        guard moments.allSatisfy({ $0.magnitude <= 1 << 53 }) else {
            throw AnalysisError(.damaged, "has moments beyond all time in the array \(name)")
        }
        return moments
    }

    private func numbers<Number: FixedWidthInteger>(_ column: BlobFacts.Column, _ type: Number.Type) -> [Int] {
        // Those of one byte were summed already.
        let isDelta = column.isDelta && Number.bitWidth > 8
        return raw.withUnsafeBytes { raw in
            var value: Number = 0
            return (0..<column.count).map { index in
                let number = raw.little(at: column.start + index * column.kind.width, as: Number.self)
                value = isDelta ? value &+ number : number
                return Int(value)
            }
        }
    }
}

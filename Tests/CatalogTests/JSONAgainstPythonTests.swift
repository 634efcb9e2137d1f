import Catalog
import Files
import TestSupport
import Testing

/// The same documents to Python's `json` and to ours.
@Suite(.enabled(if: isInstalled("python3")))
struct JSONAgainstPythonTests {
    /// Reads documents in hexadecimal, one a line; answers `-`, or the canonical text in hexadecimal.
    ///
    /// Numbers are made whole as ours are. What Python takes and we refuse is refused here too: duplicate keys,
    /// infinite numbers, `NaN` and `Infinity`, more than 64 levels, and (when it is encoded) half a surrogate pair.
    private static let program = #"""
        import json, sys, math
        def strict(pairs):
            names = [name for name, _ in pairs]
            if len(set(names)) != len(names): raise ValueError("duplicate")
            return dict(pairs)
        def real(text):
            value = float(text)
            if math.isinf(value): raise ValueError("overflow")
            return int(value) if value == int(value) and abs(value) < 2**53 else value
        def constant(text): raise ValueError(text)
        def depth(value):
            if isinstance(value, dict): return 1 + max(map(depth, value.values()), default=0)
            if isinstance(value, list): return 1 + max(map(depth, value), default=0)
            return 0
        for line in sys.stdin:
            try:
                text = bytes.fromhex(line.strip()).decode("utf-8")
                value = json.loads(text, object_pairs_hook=strict, parse_float=real, parse_constant=constant)
                if depth(value) > 64: raise ValueError("depth")
                result = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
                print(result.encode("utf-8").hex())
            except (ValueError, RecursionError):
                print("-")
        """#

    private func python(_ documents: [[UInt8]]) throws -> [String] {
        let input = documents.map { hex($0) + "\n" }.joined()
        let result = try run(command: "python3", arguments: ["-c", Self.program], input: Array(input.utf8))
        #expect(result.status == 0, "\(result.stderr)")
        return result.stdout.split(separator: "\n").map(String.init)
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func compare(_ documents: [[UInt8]], _ chance: SeededRandom) throws {
        let answers = try python(documents)
        try #require(answers.count == documents.count)
        for (document, answer) in zip(documents, answers) {
            let ours = (try? JSON.parse(document)).map { hex($0.canonical()) } ?? "-"
            #expect(ours == answer, "\(String(decoding: document, as: UTF8.self)) \(chance)")
        }
    }

    @Test func randomDocumentsAreWrittenAlike() throws {
        var chance = SeededRandom()
        let documents = (0..<600).map { index in
            let value = JSONChance.value(using: &chance, depth: 4)
            return index % 2 == 0 ? value.canonical() : value.compact()
        }
        try compare(documents, chance)
    }

    @Test func randomNumbersAreWrittenAlike() throws {
        var chance = SeededRandom()
        var documents: [[UInt8]] = []
        for _ in 0..<3_000 {
            documents.append(Array(JSONChance.numberText(using: &chance).utf8))
            let value = Double(bitPattern: chance.next())
            if value.isFinite { documents.append(Array("\(value)".utf8)) }
        }
        for exponent in -30...30 {
            for digits in ["1", "9.99", "123456789012345", "1.5", "0.1"] {
                documents.append(Array("\(digits)e\(exponent)".utf8))
            }
        }
        try compare(documents, chance)
    }

    @Test func damagedDocumentsAreRefusedAlike() throws {
        var chance = SeededRandom()
        let documents = (0..<1_500).map { _ in
            JSONChance.damage(JSONChance.value(using: &chance, depth: 3).compact(), using: &chance)
        }
        try compare(documents, chance)
    }
}

/// Documents by chance.
enum JSONChance {
    static func value(using chance: inout SeededRandom, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &chance) {
        case 0: return .null
        case 1: return .bool(.random(using: &chance))
        case 2:
            return .integer(Int64(truncatingIfNeeded: chance.next()) >> Int64.random(in: 0..<63, using: &chance))
        case 3: return JSON(Double.random(in: -1e6...1e6, using: &chance))
        case 4: return .digits("-123456789012345678901234567890")
        case 5, 6: return .string(text(using: &chance))
        case 7:
            let count = Int.random(in: 0..<5, using: &chance)
            return .array((0..<count).map { _ in value(using: &chance, depth: depth - 1) })
        default: return .object(object(using: &chance, depth: depth - 1))
        }
    }

    static func object(using chance: inout SeededRandom, depth: Int) -> JSONObject {
        let count = Int.random(in: 0..<5, using: &chance)
        return JSONObject((0..<count).map { _ in (text(using: &chance), value(using: &chance, depth: depth)) })
    }

    static func text(using chance: inout SeededRandom) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<20, using: &chance) {
            let limit: UInt32 = [0x20, 0x80, 0x80, 0x800, 0x11_0000].randomElement(using: &chance) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &chance)) { text.append(scalar) }
        }
        return String(text)
    }

    static func numberText(using chance: inout SeededRandom) -> String {
        func digits(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &chance)).map { _ in "\(Int.random(in: 0...9, using: &chance))" }
                .joined()
        }
        var text = Bool.random(using: &chance) ? "-" : ""
        text += digits(20)
        if Bool.random(using: &chance) { text += "." + digits(20) }
        if Bool.random(using: &chance) {
            text += ["e", "E-", "e+"].randomElement(using: &chance).map { $0 + digits(3) } ?? ""
        }
        return text
    }

    static func damage(_ bytes: [UInt8], using chance: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &chance) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &chance)
            switch Int.random(in: 0..<4, using: &chance) {
            case 0: bytes.remove(at: place)
            case 1:
                bytes.insert(
                    Array("{}[],:\"\\ 0-.eE\n\u{0}truefalsn".utf8).randomElement(using: &chance) ?? 0, at: place)
            case 2: bytes[place] = UInt8.random(in: .min ... .max, using: &chance)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}

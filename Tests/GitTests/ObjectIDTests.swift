import Git
import TestSupport
import Testing

@Test func idsAreReadFromFortyLowerCaseDigitsOnly() throws {
    let hex = "0123456789abcdef0123456789abcdef01234567"
    #expect(ObjectID(hex: hex)?.hex == hex)
    #expect(ObjectID(hex: hex.dropLast()) == nil)
    #expect(ObjectID(hex: hex + "0") == nil)
    #expect(ObjectID(hex: hex.uppercased()) == nil)
    #expect(ObjectID(hex: hex.replacing("a", with: "g")) == nil)
    #expect(ObjectID(hex: "") == nil)
}

@Test func idsKeepTheirBytesAndOrder() throws {
    var random = SeededRandom()
    var ids: [ObjectID] = []
    for _ in 0..<500 {
        let bytes = random.bytes(20)
        let id = try #require(ObjectID(bytes: bytes))
        #expect(id.bytes == bytes, "\(random)")
        #expect(ObjectID(hex: id.hex) == id, "\(random)")
        ids.append(id)
    }
    let byBytes = ids.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    #expect(ids.sorted() == byBytes, "\(random)")
    #expect(ids.sorted { $0.hex < $1.hex } == byBytes, "\(random)")
    #expect(Set(ids + ids).count == Set(ids.map(\.hex)).count)
}

@Test func idsThatDifferOnlyAtTheEndAreNotEqual() throws {
    let one = try #require(ObjectID(bytes: [UInt8](repeating: 7, count: 19) + [1]))
    let two = try #require(ObjectID(bytes: [UInt8](repeating: 7, count: 19) + [2]))
    #expect(one != two)
    #expect(one < two)
    #expect(ObjectID(bytes: [UInt8](repeating: 7, count: 19)) == nil)
    #expect(ObjectID(bytes: [UInt8](repeating: 7, count: 21)) == nil)
}

@Test func zeroStandsForNoObject() {
    #expect(ObjectID.zero.isZero)
    #expect(ObjectID.zero.description == String(repeating: "0", count: 40))
}

@Test func prefixesAreComparedDigitByDigit() throws {
    let id = try #require(ObjectID(hex: "0123456789abcdef0123456789abcdef01234567"))
    #expect(id.hasPrefix(hex: ""))
    #expect(id.hasPrefix(hex: "0123"))
    #expect(id.hasPrefix(hex: "012"))
    #expect(!id.hasPrefix(hex: "1123"))
    #expect(!id.hasPrefix(hex: "0123456789AB"))
    #expect(!id.hasPrefix(hex: id.hex + "0"))
}

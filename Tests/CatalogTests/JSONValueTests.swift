import Catalog
import Testing

/// JSON as values: equality, look-up, writing.
struct JSONValueTests {
    @Test func equalityIsByBytes() {
        #expect(JSON.string("\u{e9}") != .string("e\u{301}"))
        #expect(JSON.string("\u{e9}") == .string("\u{e9}"))
        #expect(JSONObject([("\u{e9}", 1)]) != JSONObject([("e\u{301}", 1)]))
        #expect(Set<JSON>([.string("\u{e9}"), .string("e\u{301}")]).count == 2)
    }

    @Test func equalNumbersAreEqualAndHashAlike() {
        #expect(JSON.number(3) == .integer(3))
        #expect(JSON.number(3).hashValue == JSON.integer(3).hashValue)
        #expect(JSON.number(3).canonical() == JSON.integer(3).canonical())
        #expect(JSON.number(3.5) != .integer(3))
        #expect(JSON.digits("1") != JSON.string("1"))
        #expect(JSON.number(0.5).hashValue == JSON(0.5).hashValue)
        #expect(JSON(-0.0) == 0)
        #expect(JSON(.infinity) == .null)
        #expect(JSON(.nan) == .null)
        #expect(JSON.number(.nan).compact() == Array("null".utf8))
    }

    @Test func everyKindHashes() {
        let values: Set<JSON> = [.null, true, 1, 0.5, .digits("99999999999999999999"), "x", [1], ["a": 1], [:], []]
        #expect(values.count == 10)
        #expect(values.contains(["a": 1]))
    }

    @Test func accessorsGiveOnlyTheirKind() {
        let value: JSON = ["a": [1, 2.5, true, "x"]]
        #expect(value["a"]?.asArray?.count == 4)
        #expect(value["b"] == nil)
        #expect(JSON.null["a"] == nil)
        #expect(JSON.integer(1).asInteger == 1)
        #expect(JSON.number(2).asInteger == 2)
        #expect(JSON.number(2.5).asInteger == nil)
        #expect(JSON.digits("10000000000000000000").asDouble == 1e19)
        #expect(JSON.string("1").asInteger == nil)
        #expect(JSON.string("1").asDouble == nil)
        #expect(JSON.string("1").asBool == nil)
        #expect(JSON.bool(true).asString == nil)
        #expect(JSON.bool(true).asObject == nil)
        #expect(JSON.bool(true).asArray == nil)
        #expect(JSON.integer(2).asDouble == 2)
    }

    @Test func objectsKeepTheirOrderThroughChanges() {
        var object: JSONObject = ["b": 1, "a": 2, "b": 3]
        #expect(object.keys == ["a", "b"])
        #expect(object["b"] == 3)
        object["aa"] = 4
        object["a"] = nil
        object["zz"] = nil
        #expect(object.keys == ["aa", "b"])
        #expect(!object.isEmpty)
    }

    @Test func canonicalTextHasOneForm() {
        let value: JSON = ["b": [], "a": [1, ["x": "é/\u{7F}\"\\\u{1}\u{1F}"]], "c": [:]]
        let text = """
            {
              "a": [
                1,
                {
                  "x": "é/\u{7F}\\"\\\\\\u0001\\u001f"
                }
              ],
              "b": [],
              "c": {}
            }

            """
        #expect(String(decoding: value.canonical(), as: UTF8.self) == text)
    }

    @Test func compactTextIsOneLine() {
        let value: JSON = ["b": [1, 2.5, .null, false], "a": "x\n"]
        #expect(value.description == #"{"a":"x\n","b":[1,2.5,null,false]}"#)
    }

    @Test func bytesOrderText() {
        #expect(UTF8Order.precedes("a", "b"))
        #expect(UTF8Order.precedes("", "a"))
        #expect(UTF8Order.precedes("a", "aa"))
        #expect(UTF8Order.precedes("z", "é"))
        #expect(!UTF8Order.precedes("a", "a"))
        #expect(UTF8Order.equal("", ""))
        #expect(!UTF8Order.equal("\u{e9}", "e\u{301}"))
    }
}

import Catalog
import Testing

/// What strict JSON is, case by case.
struct JSONParserTests {
    private func reason(_ text: String) -> String? {
        do throws(JSONError) {
            _ = try JSON.parse(text)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func readsEveryKindOfValue() throws {
        let value = try JSON.parse(
            #" { "a" : [ null , true , false , -12 , 0.5 , "x" ] , "b" : { } , "c" : [ ] } "#)
        #expect(value == ["a": [.null, true, false, -12, 0.5, "x"], "b": [:], "c": []])
    }

    @Test func readsScalarsAtTheTop() throws {
        #expect(try JSON.parse("7") == 7)
        #expect(try JSON.parse("\"\"") == "")
        #expect(try JSON.parse("null") == .null)
    }

    @Test func sortsKeysByTheirBytes() throws {
        let object = try #require(try JSON.parse(#"{"é":1,"z":2,"A":3,"\u0061":4,"😀":5,"":6}"#).asObject)
        #expect(object.keys == ["", "A", "a", "z", "é", "😀"])
    }

    @Test func keepsWholeNumbersExact() throws {
        #expect(try JSON.parse("9223372036854775807") == .integer(.max))
        #expect(try JSON.parse("-9223372036854775808") == .integer(.min))
        #expect(try JSON.parse("9223372036854775808") == .digits("9223372036854775808"))
        #expect(try JSON.parse("-9223372036854775809") == .digits("-9223372036854775809"))
        #expect(try JSON.parse("123456789012345678901234567890") == .digits("123456789012345678901234567890"))
    }

    @Test func wholeNumbersWrittenAsFractionsBecomeIntegers() throws {
        for text in ["1.0", "1e0", "10e-1", "0.1e1", "1E+0"] { #expect(try JSON.parse(text) == .integer(1)) }
        #expect(try JSON.parse("1e2") == .integer(100))
        #expect(try JSON.parse("9007199254740991.0") == .integer(9_007_199_254_740_991))
        #expect(try JSON.parse("9007199254740992.0") == .number(9_007_199_254_740_992))
    }

    @Test func negativeZeroBecomesZero() throws {
        for text in ["-0", "-0.0", "-0e5"] { #expect(try JSON.parse(text) == .integer(0)) }
    }

    @Test func roundsFractionsCorrectly() throws {
        for value: Double in [
            0.1, 2.5e-3, 128.5, 1.7976931348623157e308, .leastNonzeroMagnitude, 1e22, 1e23, 123456.789e-20,
        ] {
            #expect(try JSON.parse("\(value)").asDouble == value)
        }
        #expect(try JSON.parse("0.30000000000000004").asDouble == 0.1 + 0.2)
    }

    @Test func unescapesText() throws {
        let value = try JSON.parse(#""\" \\ \/ \b \f \n \r \t \u00e9 \uD83D\uDE00 \u0000""#)
        #expect(value == .string("\" \\ / \u{8} \u{C} \n \r \t \u{e9} \u{1F600} \u{0}"))
    }

    @Test func refusesTrailingComma() {
        #expect(reason("[1,]") == "line 1, column 4: expected a value")
        #expect(reason("{\"a\":1,}") == "line 1, column 8: expected a key in quotes")
    }

    @Test func refusesDuplicateKeys() {
        #expect(reason(#"{"a":1,"a":2}"#) == #"line 1, column 8: the key "a" appears twice"#)
        #expect(reason(#"{"a":1,"\u0061":2}"#)?.contains("twice") == true)
        #expect(reason(#"{"b":1,"a":2,"b":3}"#)?.contains(#""b" appears twice"#) == true)
    }

    @Test func keepsKeysApartThatOnlyLookEqual() throws {
        let object = try #require(try JSON.parse("{\"\u{e9}\":1,\"e\u{301}\":2}").asObject)
        #expect(object.count == 2)
        #expect(object["\u{e9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test func refusesByteOrderMark() {
        #expect(reason("\u{FEFF}1") == "line 1, column 1: a byte order mark is not allowed")
    }

    @Test func refusesTextAfterTheValue() {
        #expect(reason("1 2") == "line 1, column 3: unexpected text after the value")
        #expect(reason("{}}") != nil)
    }

    @Test func refusesNothing() {
        #expect(reason("") == "line 1, column 1: the text ends where a value should be")
        #expect(reason(" \n ") == "line 2, column 2: the text ends where a value should be")
    }

    @Test func refusesInvalidUTF8() {
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80],
        ] {
            let text = Array("[\"ä".utf8) + bytes + Array("\"]".utf8)
            #expect { try JSON.parse(text) } throws: { error in
                "\(error)" == "line 1, column 4: invalid UTF-8"
            }
        }
        #expect(throws: JSONError.self) { try JSON.parse([0xFF]) }
    }

    @Test func refusesControlCharacters() {
        #expect(reason("\"a\nb\"")?.contains("control character") == true)
        #expect(reason("\"\\n\u{1}\"")?.contains("control character") == true)
        #expect(reason("[1,\u{0}]") != nil)
    }

    @Test func refusesLoneSurrogates() {
        for text in [#""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ud83d\n""#] {
            #expect(reason(text)?.contains("surrogate") == true)
        }
    }

    @Test func refusesUnknownEscapes() {
        for text in [#""\x41""#, #""\'""#, #""\u00g0""#, #""\u12""#, #""\"#] { #expect(reason(text) != nil) }
    }

    @Test func refusesNumbersOutsideTheGrammar() {
        for text in [
            "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity", "--1", "1_0",
        ] {
            #expect(reason(text) != nil, "\(text)")
        }
    }

    @Test func refusesNumbersBeyondDoubles() {
        #expect(reason("1e309") == "line 1, column 1: the number is too great")
        #expect(reason("-1e999999999999999999999") != nil)
        #expect(reason(String(repeating: "9", count: 2_000))?.contains("too long") == true)
    }

    @Test func smallerThanAnyDoubleIsZero() throws {
        #expect(try JSON.parse("1e-999999999999999999999") == 0)
    }

    @Test func refusesUnclosedContainersAndStrings() {
        for text in [
            "[", "{", "[1", "{\"a\"", "{\"a\":", "{\"a\":1", "\"", "\"a", "\"a\\", "[1 2]", "{\"a\" 1}", "{1:2}",
        ] {
            #expect(reason(text) != nil, "\(text)")
        }
    }

    @Test func refusesMisspelledWords() {
        for text in ["nul", "True", "falsy", "nil", "tru"] { #expect(reason(text) != nil, "\(text)") }
    }

    @Test func nestsSixtyFourLevelsAndNoMore() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON.parse(nested(64))
        #expect(reason(nested(65)) == "line 1, column 65: nested deeper than 64 levels")
        #expect(reason(String(repeating: "[", count: 1_000_000)) != nil)
    }

    @Test func holdsTheSizeLimit() throws {
        _ = try JSON.parse("[1]", limit: 3)
        #expect(throws: JSONError.self) { try JSON.parse("[12]", limit: 3) }
    }

    @Test func namesLineAndColumnInCharacters() {
        #expect(reason("{\n  \"ä😀\": x\n}") == "line 2, column 9: expected a value")
    }
}

import Testing

@testable import Processes

@Suite struct CommandTemplateTests {
    @Test(arguments: [
        ("demucs -o {out} {in}", ["demucs", "-o", "{out}", "{in}"]),
        ("  a\t b \n", ["a", "b"]),
        (#"'my tools'/split "a b" c\ d"#, ["my tools/split", "a b", "c d"]),
        (#"a "say \"x\" \n \\" ''"#, ["a", #"say "x" \n \"#, ""]),
        (#"a 'b\' "c'd""#, ["a", #"b\"#, "c'd"]),
        ("a $HOME `b` ; c|d > e", ["a", "$HOME", "`b`", ";", "c|d", ">", "e"]),
        ("ä 音", ["ä", "音"]),
    ])
    func splits(_ text: String, _ words: [String]) throws {
        let template = try CommandTemplate(parsing: text)
        #expect(template.words.map { String(decoding: $0, as: UTF8.self) } == words)
    }

    @Test(arguments: ["", "  ", "a 'b", "a \"b", "a \\", "'' b", "a\0b"])
    func refuses(_ text: String) {
        #expect(throws: ProcessError.self) { try CommandTemplate(parsing: text) }
    }

    @Test func fillsInsideWordsAndNeverTwice() throws {
        let template = try CommandTemplate(parsing: "x --in={in} {out}/{in} {other} {in")
        let words = template.filled(with: ["in": Array("a {out} 'b".utf8), "out": [0xFF]])
        #expect(words[1] == Array("--in=a {out} 'b".utf8))
        #expect(words[2] == [0xFF] + Array("/a {out} 'b".utf8))
        #expect(words[3...].map { String(decoding: $0, as: UTF8.self) } == ["{other}", "{in"])
        #expect(template.mentions("in") && template.mentions("out") && !template.mentions("stem"))
    }
}

import Files
import Glibc
import Testing

@testable import Terminal

@Test func controlCharactersAreShownAndNotObeyed() {
    #expect(Visible.text("plain ~ text") == "plain ~ text")
    #expect(Visible.text("a\u{1b}[31mb\u{7}") == "a\\x1b[31mb\\x07")
    #expect(Visible.text("a\nb\tc\rd\u{7f}") == "a\\nb\\tc\\rd\\x7f")
    #expect(Visible.text("\u{9b}31m\u{85}") == "\\x9b31m\\x85")
    #expect(Visible.text("a\u{202e}b\u{2028}c") == "a\\u{202e}b\\u{2028}c")
    #expect(Visible.text("Ünder 海 👩‍🚀 e\u{301}") == "Ünder 海 👩‍🚀 e\u{301}")
}

@Test func bytesThatAreNoUTF8AreShownEach() {
    #expect(Visible.text([0x61, 0xff, 0x62]) == "a\\xffb")
    #expect(Visible.text([0xe6, 0xb5, 0x61]) == "\\xe6\\xb5a")
    #expect(Visible.text([0xc3, 0xa9, 0xc0, 0xaf]) == "é\\xc0\\xaf")
    #expect(Visible.text([UInt8]()) == "")
}

@Test func widthsAreThoseOfATerminal() {
    #expect(DisplayWidth.of("abc") == 3)
    #expect(DisplayWidth.of("海の歌") == 6)
    #expect(DisplayWidth.of("e\u{301}té") == 3)
    #expect(DisplayWidth.of("👩‍🚀") == 2)
    #expect(DisplayWidth.of("a\u{200b}b") == 2)
    #expect(DisplayWidth.prefix(of: "海の歌", columns: 5) == "海の")
    #expect(DisplayWidth.prefix(of: "abc", columns: 0) == "")
}

@Test func linesTakeForeignTextWithoutHarm() {
    let name = "a\u{1b}[2Jb"
    let line: Line = "added \(name, .bold) of \(3)"
    #expect(line.text == "added a\\x1b[2Jb of 3")
    #expect(line.rendered(colored: true) == "added \u{1b}[1ma\\x1b[2Jb\u{1b}[0m of 3")
    let foreign = "x\ny"
    #expect(Line(foreign).text == "x\\ny")
    let path: Line = "\(FilePath(bytes: [0x61, 0xff]))"
    #expect(path.text == "a\\xff")
    let nested: Line = "<\(line)>"
    #expect(nested.spans.count == line.spans.count + 2)
}

@Test func everyEmphasisHasItsColour() {
    let all: [Emphasis] = [.plain, .bold, .faint, .good, .warning, .bad, .accent]
    let codes = all.map { Line("x", $0).rendered(colored: true) }
    #expect(Set(codes).count == all.count)
    #expect(all.allSatisfy { Line("x", $0).rendered(colored: false) == "x" })
}

@Test func linesAreCutAtTheirWidth() {
    let line: Line = "ab\("cdef", .bold)gh"
    #expect(line.shortened(to: 8) == line)
    #expect(line.shortened(to: 5).text == "abcd…")
    #expect(line.shortened(to: 1).text == "…")
    #expect(line.shortened(to: 0).text == "")
    #expect(Line("海の歌").shortened(to: 4).text == "海…")
}

@Test func tablesAlignTheirColumns() {
    var table = Table([.whole("ID"), .text("TITLE"), .number("SIZE")])
    #expect(table.isEmpty)
    table.add(["1", "Short", "9"])
    table.add(["22", "海の歌", "1,024"])
    table.add(["3"])
    #expect(
        table.lines(width: nil, colored: false) == [
            "ID  TITLE    SIZE", "1   Short       9", "22  海の歌  1,024", "3",
        ])
}

@Test func tablesFitTheTerminalByTheirTextColumns() {
    var table = Table([.whole("ID"), .text("TITLE"), .text("ARTIST")])
    table.add(["0123456789abcdef", "A title that goes on and on", "An artist with a name"])
    let lines = table.lines(width: 50, colored: false)
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 50 })
    #expect(lines[1] == "0123456789abcdef  A title that g…  An artist with…")
    // An id is never cut, however narrow the terminal.
    #expect(table.lines(width: 10, colored: false)[1] == "0123456789abcdef  A title…  An arti…")
}

@Test func pagesHoldFieldsAndParagraphs() {
    var page = Page(PageStyle())
    page.fields([("Title", "Song"), ("Länge", "3:05")])
    page.line()
    page.paragraph("one\ntwo\u{7}", indent: 2)
    page.verbatim("as it is\u{7}")
    #expect(page.text == "Title  Song\nLänge  3:05\n\n  one\n  two\\x07\nas it is\u{7}")
}

@Test func runningTextIsBrokenAtBlanks() {
    #expect(TextWrap.lines("one two three", width: 7) == ["one two", "three"])
    #expect(TextWrap.lines("unbreakable x", width: 4) == ["unbreakable", "x"])
    #expect(TextWrap.lines("a\n\nb", width: 10) == ["a", "", "b"])
    #expect(TextWrap.lines("", width: 10) == [""])
}

@Test func sizesAreForPeople() {
    let cases: [(Int64, String)] = [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
        (1_288_490_189, "1.2 GiB"), (.max, "8388608.0 TiB"),
    ]
    for (bytes, text) in cases { #expect(Quantity.size(bytes) == text) }
}

@Test func lengthsOfTimeAreForPeople() {
    #expect(Quantity.duration(seconds: 7) == "0:07")
    #expect(Quantity.duration(milliseconds: 185_400) == "3:05")
    #expect(Quantity.duration(seconds: 3723) == "1:02:03")
    #expect(Quantity.duration(seconds: .infinity) == "-:--")
    #expect(Quantity.duration(seconds: .nan) == "-:--")
}

@Test func countsHaveTheirNoun() {
    #expect(Quantity.count(1, "track") == "1 track")
    #expect(Quantity.count(12_345, "track") == "12,345 tracks")
    #expect(Quantity.count(0, "copy", plural: "copies") == "0 copies")
    #expect(Quantity.count(-1_000) == "-1,000")
    #expect(Quantity.count(999) == "999")
    #expect(Quantity.count(.min) == "-9,223,372,036,854,775,808")
}

@Test func lengthsOfTimeAreRead() {
    let good: [(String, Int64)] = [
        ("90", 90), ("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800), ("2w", 1_209_600), ("1h30m", 5400),
        ("0", 0),
    ]
    for (text, seconds) in good { #expect(Quantity.duration(from: text) == .seconds(seconds), "\(text)") }
    for text in ["", "h", "1x", "-1", "+1", "1h30", "1.5h", "99999999999999999999", "9223372036854775807d", "٣s"] {
        #expect(Quantity.duration(from: text) == nil, "\(text)")
    }
}

@Test func sizesAreRead() {
    let good: [(String, Int64)] = [
        ("500", 500), ("64k", 65_536), ("10MB", 10_485_760), ("2 GiB", 2_147_483_648), ("1t", 1_099_511_627_776),
        ("7b", 7),
    ]
    for (text, bytes) in good { #expect(Quantity.size(from: text) == bytes, "\(text)") }
    for text in ["", "k", "-1", "1.5G", "1x", "9999999999G"] {
        #expect(Quantity.size(from: text) == nil, "\(text)")
    }
}

@Test func outputIsWrittenWholeAndInOrder() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    let output = Output(descriptor: ends[1])
    try output.write("first ")
    try output.write(String(repeating: "x", count: 1000))
    try output.flush()
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 4096)
    #expect(read(ends[0], &bytes, bytes.count) == 1006)
    #expect(bytes.starts(with: "first xxx".utf8))
    #expect(!output.isTerminal)
    #expect(output.columns == 80)
}

@Test func aFullDiskIsReported() throws {
    let full = open("/dev/full", O_WRONLY)
    try #require(full >= 0)
    defer { close(full) }
    let output = Output(descriptor: full)
    try output.write("x")
    #expect(throws: OutputError.failed(ENOSPC)) { try output.flush() }
    #expect(throws: OutputError.failed(ENOSPC)) { try output.write(String(repeating: "x", count: 1 << 17)) }
    // What could not be written once is not tried again at the end.
    try output.flush()
    #expect(OutputError.failed(ENOSPC).description == "cannot write the output: No space left on device")
}

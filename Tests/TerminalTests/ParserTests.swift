import Catalog
import Testing

@testable import Terminal

/// The document that a call answers.
private func answer(_ line: String) throws -> JSON {
    try answer(line.split(separator: " ").map { Word(String($0)) })
}

private func answer(_ words: [Word]) throws -> JSON {
    let outcome = call(["--json"] + words)
    #expect(outcome.status == 0, "\(words): \(outcome.out)\(outcome.err)")
    return try JSON.parse(outcome.out)
}

@Test func optionsMayStandAnywhere() throws {
    let expected: JSON = [
        "paths": ["a", "b"], "title": "T", "tags": ["x", "y"], "flags": ["move": true, "dryRun": false],
    ]
    #expect(try answer("add a b --title T --tag x --tag y --move") == expected)
    #expect(try answer("add --tag x --title=T a --tag=y --move b") == expected)
    #expect(try answer("add --move --tag x --tag y --title T -- a b") == expected)
}

@Test func theLastOfTwoValuesCounts() throws {
    #expect(try answer("add a --title X --title Y")["title"] == "Y")
}

@Test func anEmptyValueIsAValue() throws {
    #expect(try answer("add a --title=")["title"] == "")
    #expect(try answer(["add", "a", "--title", ""])["title"] == "")
}

@Test func aValueMayHoldEqualsSignsAndDashes() throws {
    #expect(try answer("add a --title=x=y")["title"] == "x=y")
    #expect(try answer("add a --title -x")["title"] == "-x")
    #expect(try answer("add a --title --loud")["title"] == "--loud")
    #expect(try answer("add a --title=--json")["title"] == "--json")
}

@Test func aForgottenValueIsNoticed() {
    #expect(
        call("add a --title --move").err
            == "offbeat: --title needs a value (write --title=--move if that is the value)\n")
    #expect(call("add a --title").err == "offbeat: --title needs a value (write --title TEXT)\n")
    #expect(call("add a --title -- b").status == 2)
}

@Test func aFlagTakesNoValue() {
    #expect(call("add a --move=yes").err == "offbeat: --move takes no value, but got 'yes'\n")
}

@Test func globalOptionsMayStandBeforeOrBehindTheCommand() throws {
    for line in ["--user eve user add ana", "user --user eve add ana", "user add ana --user=eve"] {
        #expect(try answer(line)["as"] == "eve", "\(line)")
    }
}

@Test func shortOptionsMayBeJoined() throws {
    #expect(try answer("add -n a")["flags"]?["dryRun"] == true)
    #expect(try answer("post new -w band")["workspace"] == "band")
    #expect(try answer("post new -wband")["workspace"] == "band")
    #expect(try answer("post new -nwband .") == ["workspace": "band", "dir": ".", "dryRun": true])
}

@Test func aLoneDashIsAnArgument() throws {
    #expect(try answer("add -")["paths"] == ["-"])
}

@Test func behindTwoDashesEverythingIsAnArgument() throws {
    #expect(try answer("add -- --move -n --")["paths"] == ["--move", "-n", "--"])
}

@Test func wordsWithADashReachCommandsThatTakeThem() throws {
    #expect(try answer("ls -live rock -tag:x --limit 3")["query"] == ["-live", "rock", "-tag:x"])
    #expect(
        call("add -live").err == "offbeat: unknown option '-live' (put -- before words that begin with a dash)\n")
}

@Test func valuesHaveTypes() throws {
    #expect(
        try answer("ls --sort title --limit 5 --max-age 1h30m --quota 2k") == [
            "query": [], "sort": "title", "limit": 5, "maxAge": 5400, "quota": 2048,
        ])
    #expect(try answer("ls")["sort"] == "added")
}

@Test func aValueOfTheWrongKindIsToldWithItsWord() {
    #expect(call("ls --limit many").err == "offbeat: --limit: 'many' is no whole number\n")
    #expect(call("ls --limit 0").err == "offbeat: --limit: '0' is out of range (give 1 to 1000)\n")
    #expect(
        call("ls --sort titel").err
            == "offbeat: --sort: 'titel' is none of added, title, artist (did you mean title?)\n")
    #expect(
        call("ls --max-age soon").err
            == "offbeat: --max-age: 'soon' is no length of time (write for example 90s, 15m, 2h or 7d)\n")
    #expect(call("ls --quota big").status == 2)
    #expect(call(["add", ""]).err == "offbeat: PATH: '' is no path (it is empty)\n")
    #expect(
        call(["add", "a", "--tag", "x", "--tag", Word(bytes: [0xff])]).err
            == "offbeat: --tag: '\\xff' is not UTF-8\n")
}

@Test func argumentsAreSharedOutByTheirPlace() throws {
    #expect(try answer("share band 1 2 3 z") == ["place": "band", "ids": ["1", "2", "3"], "end": "z"])
    #expect(try answer("share band 1 z") == ["place": "band", "ids": ["1"], "end": "z"])
    #expect(call("share band 1").err == "offbeat: END is missing (usage: offbeat share WORKSPACE ID… END)\n")
    #expect(call("share").err == "offbeat: WORKSPACE is missing (usage: offbeat share WORKSPACE ID… END)\n")
}

@Test func whatIsMissingOrTooMuchIsNamed() {
    #expect(call("add").err == "offbeat: PATH is missing (usage: offbeat add [OPTIONS] PATH…)\n")
    #expect(call("user add a b").err == "offbeat: unexpected argument 'b' (usage: offbeat user add HANDLE)\n")
    #expect(
        call("post new").err
            == "offbeat: --workspace SLUG is missing (usage: offbeat post new [OPTIONS] --workspace SLUG [DIR])\n")
}

@Test func anUnknownCommandSuggestsTheNearest() {
    #expect(call("ad x").err == "offbeat: unknown command 'ad' (did you mean add?)\n")
    #expect(call("user ad").err == "offbeat: unknown command 'user ad' (did you mean user add?)\n")
    #expect(call("usre add x").err == "offbeat: unknown command 'usre' (did you mean user?)\n")
    #expect(call("new").err == "offbeat: unknown command 'new' (did you mean post new?)\n")
    #expect(call("xyzzy").err == "offbeat: unknown command 'xyzzy' ('offbeat help' lists the commands)\n")
    #expect(
        call([Word(bytes: [0x61, 0xff])]).err
            == "offbeat: unknown command 'a\\xff' ('offbeat help' lists the commands)\n")
}

@Test func halfACommandListsItsOtherHalf() {
    #expect(call("user").err == "offbeat: 'user' needs a further word (one of add, ls)\n")
}

@Test func anUnknownOptionSuggestsTheNearest() {
    #expect(call("add a --titel x").err == "offbeat: unknown option '--titel' (did you mean --title?)\n")
    #expect(call("add a --sotre x").err == "offbeat: unknown option '--sotre' (did you mean --store?)\n")
    #expect(call("add a --frobnicate").err == "offbeat: unknown option '--frobnicate' (see 'offbeat add --help')\n")
    #expect(
        call("--move add a").err == "offbeat: unknown option '--move' (a command's own options stand after it)\n")
    #expect(call("-x").err == "offbeat: unknown option '-x'\n")
}

@Test func namesOfFilesAreTakenByteByByte() {
    let names: [[UInt8]] = [[0xff, 0xfe], Array("a\nb".utf8), [UInt8](repeating: 0x78, count: 255)]
    let outcome = call(["add"] + names.map { Word(bytes: $0) })
    #expect(outcome.out == "added \\xff\\xfe\nadded a\\nb\nadded \(String(repeating: "x", count: 255))\ndone\n")
}

@Test func theEnvironmentNamesTheStoreUnlessTheCallDoes() throws {
    func store(_ line: String, _ environment: [String: Word]) throws -> JSON? {
        let outcome = call("--json user add a" + line, environment: environment)
        return try JSON.parse(outcome.out)["store"]
    }
    #expect(try store("", ["OFFBEAT_STORE": "/there"]) == "/there")
    #expect(try store(" --store /here", ["OFFBEAT_STORE": "/there"]) == "/here")
    #expect(try store("", ["OFFBEAT_STORE": ""]) == .null)
}

@Test func theClockCanBeSet() throws {
    let outcome = call("--json user add a", environment: ["OFFBEAT_NOW": "2026-11-20T09:00:00.250Z"])
    #expect(try JSON.parse(outcome.out)["now"] == 1_795_165_200_250)
    let wrong = call("user add a", environment: ["OFFBEAT_NOW": "soon"])
    #expect(wrong.status == 2)
    #expect(wrong.err == "offbeat: OFFBEAT_NOW: 'soon' is no time (write for example 2026-11-20T09:00:00Z)\n")
    let unset = try JSON.parse(call("--json user add a").out)["now"]?.asInteger ?? 0
    #expect(unset > 1_700_000_000_000)
}

@Test func noDeclarationContradictsAnother() {
    #expect(CommandList(Sample.commands).problems() == [])
    #expect(CommandList(allCommands()).problems() == [])
    let broken = Command(
        "add", in: .care, summary: "", arguments: [Sample.paths, Sample.query],
        options: [Sample.dryRun, Sample.dryRun], json: ""
    ) { _ in .written() }
    #expect(
        CommandList([Sample.add, broken]).problems() == [
            "add is declared twice", "add declares dry-run twice", "add declares -n twice",
            "add has more than one argument of open length", "add lacks a summary or a JSON shape",
        ])
}

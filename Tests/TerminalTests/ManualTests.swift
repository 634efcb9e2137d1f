import Files
import TestSupport
import Testing

@testable import Terminal

private let page = ManualPage(CommandList(Sample.commands)).text

@Test func theManualHoldsEveryCommandAndOption() {
    for command in Sample.commands { #expect(page.contains(command.summary.prefix { $0 != "'" })) }
    for option in GlobalOptions.all { #expect(page.contains("\\-\\-\(option.name)")) }
    #expect(page.contains("\n.TP\n75\ntry again later (offline, locked, race\\-lost)\n"))
}

@Test func theManualIsPlainASCIIThatNoLineOfWhichObeysByAccident() {
    #expect(page.utf8.allSatisfy { $0 < 0x80 })
    let requests: Set<Substring> = [".TH", ".SH", ".SS", ".TP", ".B", ".IP", ".ad", ".RS", ".RE"]
    for line in page.split(separator: "\n") where line.hasPrefix(".") {
        #expect(requests.contains(line.prefix { $0 != " " }), "\(line)")
    }
    #expect(!page.contains("\n'"))
}

@Test(.enabled(if: isInstalled("groff")))
func theManualPassesGroff() throws {
    let result = try run(
        command: "groff", arguments: ["-man", "-ww", "-z", "-Tutf8"], input: Array(page.utf8))
    #expect(result.status == 0)
    #expect(result.stderr.isEmpty, "\(result.stderr)")
}

@Test(.enabled(if: isInstalled("mandoc")))
func theManualPassesMandoc() throws {
    let result = try run(command: "mandoc", arguments: ["-Tlint", "-Wwarning"], input: Array(page.utf8))
    #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
}

@Test func thePageIsPrintedAsItIs() {
    #expect(call("help --man").out == page)
}

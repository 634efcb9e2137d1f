import Files
import TestSupport
import Testing

struct ReadmeTests {
    @Test(.enabled(if: Desk.programs != nil && isInstalled("git-lfs")))
    func everySessionGoesAsItIsShown() throws {
        let sessions = try Page("README.md").blocks("sh").filter { $0.info == "sh session" }
        #expect(sessions.count >= 5)
        try withTemporaryDirectory { place in
            let desk = try Desk(in: place, programs: try #require(Desk.programs))
            for block in sessions {
                for step in Session(block).steps {
                    let (status, lines) = try desk.type(step.command)
                    #expect(status == 0, "\(block): $ \(step.command)\n\(lines.joined(separator: "\n"))")
                    #expect(
                        Told.matches(lines, shown: step.output),
                        "\(block): $ \(step.command)\n\(lines.joined(separator: "\n"))")
                }
            }
        }
    }

    @Test func everyTargetOfMakeIsNamedAndNoOther() throws {
        let makefile = try Page("Makefile").lines
        let phony = makefile.first { $0.hasPrefix(".PHONY:") }?.split(separator: " ").dropFirst().map(String.init)
        let named = try Page("README.md").quoted.compactMap { word in
            word.hasPrefix("make ") ? word.split(separator: " ").dropFirst().first.map(String.init) : nil
        }
        for target in named { #expect(phony?.contains(target) == true, "make has no target \(target)") }
        for target in ["demo", "test", "install", "coverage", "lint"] { #expect(named.contains(target)) }
    }

    @Test(arguments: [
        "README.md", "Sources/Store/Store.docc/StoreFormat.md", "Sources/Store/Store.docc/Durability.md",
        "Sources/Catalog/Catalog.docc/Records.md", "Sources/Catalog/Catalog.docc/Posts.md",
        "Sources/Terminal/Terminal.docc/CommandLine.md",
    ])
    func everyFileThatAPageNamesIsThere(page: String) throws {
        let folders = ["Sources/", "Tests/", ".ci/", "store-template/"]
        let links = try Page(page).lines.flatMap { line in
            line.matches(of: /\]\(([^)#:]+)\)/).map { String($0.output.1) }
        }
        let named = try Page(page).quoted.filter { word in
            folders.contains { word.hasPrefix($0) } && !word.contains("…") && !word.contains("*")
        }
        for path in links + named {
            #expect(FileSystem.exists(Page.top.appending(path)), "\(page) names \(path)")
        }
    }
}

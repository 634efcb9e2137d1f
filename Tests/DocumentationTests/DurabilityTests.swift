import Files
import TestSupport
import Testing

/// Whether the tests that the pages rely on are there.
struct DurabilityTests {
    @Test(arguments: [
        "Store/Store.docc/Durability", "Store/Store.docc/Merging", "Store/Store.docc/StoreFormat",
        "Sync/Sync.docc/Syncing",
    ])
    func everyTestThatThePageNamesIsThere(page: String) throws {
        let named = try Page("Sources/\(page).md").quoted.compactMap {
            $0.wholeMatch(of: /([A-Z][A-Za-z]+Tests|Scenarios)\/([^\/]+)/)
        }
        #expect(!["Durability", "Syncing"].contains { page.hasSuffix($0) } || named.count > 10)
        for match in named {
            let sources = try swiftSources(in: Page.top.appending("Tests").appending(String(match.1)))
            let forms = ["func \(match.2)(", "func `\(match.2)`("]
            #expect(sources.contains { source in forms.contains { source.contains($0) } }, "\(match.0)")
        }
    }

    private func swiftSources(in folder: FilePath) throws -> [String] {
        try DirectoryWalk(folder).compactMap { item in
            guard case .file(let path) = item, path.string.hasSuffix(".swift") else { return nil }
            return String(decoding: try FileSystem.read(path), as: UTF8.self)
        }
    }
}

import Testing

@Test func everyFormOfImportIsFound() {
    let source = """
        /// import Comment
        // import Comment
        import Plain
        public import Shown
        @testable import Tested
        @_spi(Inner) public import Spied
        @preconcurrency import struct Whole.Part
        import func Glib.free; import Second
            internal import Indented  // with a word
        let text = "import Quoted"
        important import Nothing
        """
    #expect(
        Imports.modules(in: source) == [
            "Plain", "Shown", "Tested", "Spied", "Whole", "Glib", "Second", "Indented",
        ])
}

@Test func windowsLineEndsHideNoImport() {
    #expect(Imports.modules(in: "import A\r\nimport B\r\n") == ["A", "B"])
}

@Test func theManifestIsReadInEveryForm() {
    let manifest = """
        func room(_ name: String, on below: [Target.Dependency]) -> Target { .target(name: name) }
        // room("Gone", on: ["Old"]),
        room("Files", on: []),
        room("Git", on: ["Files", "Digest"]),
        .executableTarget(
            name: "Terminal", dependencies: ["Offbeat",
            "Catalog"], swiftSettings: strict),
        """
    #expect(
        Manifest.targets(in: manifest) == [
            "Files": [], "Git": ["Files", "Digest"], "Terminal": ["Offbeat", "Catalog"],
        ])
}

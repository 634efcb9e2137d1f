import Testing

private let rooms = Dictionary(uniqueKeysWithValues: House.rooms.map { ($0.name, $0) })
private let targets = Manifest.targets(in: Tree.text(of: Tree.top + "/Package.swift"))

/// The folders of Sources that hold Swift targets.
private let folders = Tree.folders(in: Tree.top + "/Sources").filter { $0 != "System" }

@Test func everyTargetHasARoomAndEveryRoomATarget() {
    let libraries = Tree.folders(in: Tree.top + "/Sources/System")
    #expect(Set(folders + libraries) == Set(rooms.keys))
    #expect(Set(folders).isSubset(of: targets.keys), "Package.swift declares every folder of Sources")
}

@Test func everyArrowOfTheTablePointsDown() {
    for room in House.rooms {
        for (name, reason) in room.imports {
            #expect((rooms[name]?.floor ?? .max) < room.floor, "\(room.name) may not import \(name)")
            #expect(!reason.isEmpty)
        }
    }
}

@Test func everyLibraryOfCHasOneWrapper() {
    // The system's own calls are no library: whoever needs one that Glibc leaves out makes it.
    for library in House.rooms where library.floor == 0 && library.name != "CLinux" {
        let wrappers = House.rooms.filter { $0.imports[library.name] != nil }.map(\.name)
        #expect(wrappers.count == 1, "\(library.name) is wrapped by \(wrappers)")
    }
}

@Test(arguments: folders)
func sourcesImportOnlyWhatTheTableAllows(target: String) {
    let allowed = Set(rooms[target]?.imports.keys.map { $0 } ?? []).union(House.toolchain.keys)
    let files = Tree.swiftFiles(below: "\(Tree.top)/Sources/\(target)")
    #expect(!files.isEmpty)
    for file in files {
        for module in Imports.modules(in: Tree.text(of: file)) {
            #expect(allowed.contains(module), "\(file) imports \(module), which the table does not allow")
        }
    }
}

@Test(arguments: folders)
func thePackageDependsOnlyOnWhatTheTableAllows(target: String) {
    for dependency in targets[target] ?? [] {
        #expect(rooms[target]?.imports[dependency] != nil, "\(target) may not depend on \(dependency)")
    }
}

@Test(arguments: folders)
func everyImportIsDeclaredInThePackage(target: String) {
    for file in Tree.swiftFiles(below: "\(Tree.top)/Sources/\(target)") {
        for module in Imports.modules(in: Tree.text(of: file)) where rooms[module] != nil {
            #expect(targets[target]?.contains(module) == true, "\(file) imports \(module) undeclared")
        }
    }
}

@Test func noSourceFileIsLongerThanFiveHundredLines() {
    for file in Tree.swiftFiles(below: Tree.top + "/Sources") + Tree.swiftFiles(below: Tree.top + "/Tests") {
        let lines = Tree.text(of: file).split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(lines <= 501, "\(file) has \(lines) lines")
    }
}

@Test func noSourceStopsTheProgramWhereItShouldFail() {
    for file in Tree.swiftFiles(below: Tree.top + "/Sources") {
        let text = Tree.text(of: file)
        for word in ["try!", "fatalError("] {
            #expect(!text.contains(word), "\(file) has \(word)")
        }
    }
}

@Test func noTestIsLeftOutOfTheTree() {
    // A scan that finds nothing would let every rule above pass.
    #expect(folders.count >= 11)
    #expect(targets["Terminal"]?.contains("Offbeat") == true)
    #expect(Tree.swiftFiles(below: Tree.top + "/Sources/Terminal").count > 5)
}

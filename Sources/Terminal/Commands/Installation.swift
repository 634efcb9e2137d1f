import Files

/// What lies beside this program where it was installed or built.
enum Installation {
    /// The git template that a new store gets.
    static func storeTemplate() throws -> FilePath {
        try folder("store-template", inSources: "store-template") {
            Failure(
                code: "io", "the template for stores is not at \($0)",
                hint: "install Offbeat again with `make install`, or name one with --template")
        }
    }

    /// The files of the pages that are served.
    static func page() throws -> FilePath {
        try folder("page", inSources: "Sources/Web/Page") {
            Failure(code: "io", "the pages are not at \($0)", hint: "install Offbeat again with `make install`")
        }
    }

    /// Looks beside the program: in `../share/offbeat` of an installation, else in the folder that it was built in.
    private static func folder(
        _ name: String, inSources place: String, orElse failure: (FilePath) -> Failure
    ) throws -> FilePath {
        let program = try FileSystem.realPath("/proc/self/exe")
        let installed = program.parent.parent.appending("share/offbeat/\(name)")
        if FileSystem.exists(installed) { return installed }
        var folder = program.parent
        while folder.lastComponent != nil {
            let candidate = folder.appending(place)
            if FileSystem.exists(candidate), FileSystem.exists(folder.appending("Package.swift")) {
                return candidate
            }
            folder = folder.parent
        }
        throw failure(installed)
    }
}

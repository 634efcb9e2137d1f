import Files

/// The git template that a new store gets, where this program was installed or built.
enum StoreTemplate {
    /// Looks beside the program: `../share/offbeat/store-template` of an installation, else `store-template` in the
    /// folder that it was built in.
    static func installed() throws -> FilePath {
        let program = try FileSystem.realPath("/proc/self/exe")
        let installed = program.parent.parent.appending("share/offbeat/store-template")
        if FileSystem.exists(installed) { return installed }
        var folder = program.parent
        while folder.lastComponent != nil {
            let candidate = folder.appending("store-template")
            if FileSystem.exists(candidate), FileSystem.exists(folder.appending("Package.swift")) {
                return candidate
            }
            folder = folder.parent
        }
        throw Failure(
            code: "io", "the template for stores is not at \(installed)",
            hint: "install Offbeat again with `make install`, or name one with --template")
    }
}

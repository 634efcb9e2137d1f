public import Files

extension Repository {
    /// The objects that lie in files of their own, one folder after the other, however damaged they are.
    ///
    /// `visit` learns of each whether its bytes are what its name says. One that is taken away meanwhile is passed over.
    public func checkLooseObjects(_ visit: (ObjectID, GitError?) throws -> Void) throws {
        let reader = LooseReader(objects: objectsPath)
        let naming = ObjectNaming()
        for folder in try Self.looseFolders(in: objectsPath) {
            for id in try Self.looseObjects(in: folder) {
                do throws(GitError) {
                    guard let (kind, bytes) = try reader.read(id) else { continue }
                    guard naming.id(of: kind, Array(bytes)) == id else {
                        throw GitError(
                            .corrupt, "its bytes are those of another object", call: "read object", subject: id.hex)
                    }
                } catch {
                    try visit(id, error)
                    continue
                }
                try visit(id, nil)
            }
        }
    }

    /// Where an object has its own file, if it has one.
    public func looseFile(of id: ObjectID) -> FilePath { LooseWriter.path(of: id, in: objectsPath) }

    /// Why a repository's configuration cannot be read; nil where it can.
    public static func faultInConfiguration(at path: FilePath) throws(GitError) -> String? {
        try Libgit2.start()
        let file = path.appending("config")
        guard FileSystem.exists(file) else { return "it is missing" }
        do throws(GitError) {
            _ = try configuration(at: file)
            return nil
        } catch { return error.message }
    }
}

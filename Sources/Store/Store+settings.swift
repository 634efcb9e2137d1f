import Git

extension Store {
    /// A setting of this store on this computer, from its git configuration under `offbeat.`.
    public func setting(_ name: String) throws(StoreError) -> String? {
        try StoreError.wrapping("read", "the setting \(name)") { () throws(GitError) in
            try repository.setting("offbeat.\(name)")
        }
    }

    /// Changes a setting; nothing of the versioned tree.
    public func set(_ name: String, to value: String) throws {
        try exclusively { writer in
            try changeConfiguration(writer) { () throws(GitError) in
                try repository.set("offbeat.\(name)", to: value)
            }
        }
    }

    /// Changes git's configuration file, so that a lock which is left behind is known for a dead writer's.
    func changeConfiguration(
        _ writer: borrowing Writer, _ change: () throws(GitError) -> Void
    ) throws(StoreError) {
        try writer.announce(.configuration)
        defer { writer.announceDone() }
        try StoreError.wrapping("write", "the configuration of \(path)") { () throws(GitError) in try change() }
    }
}

import Git

extension Store {
    /// A setting of this store on this computer, from its git configuration under `offbeat.`.
    public func setting(_ name: String) throws(StoreError) -> String? {
        try StoreError.wrapping("read", "the setting \(name)") { () throws(GitError) in
            try repository.setting("offbeat.\(name)")
        }
    }

    /// The addresses of the remotes, as git's configuration has them.
    public func remoteAddresses() throws(StoreError) -> [String] {
        try StoreError.wrapping("read", "the remotes") { () throws(GitError) in
            try repository.remoteAddresses()
        }
    }

    /// Changes a setting; nothing of the versioned tree.
    public func set(_ name: String, to value: String) throws {
        try exclusively { writer in
            try writer.announce(.configuration)
            defer { writer.announceDone() }
            try StoreError.wrapping("write", "the setting \(name)") { () throws(GitError) in
                try repository.set("offbeat.\(name)", to: value)
            }
        }
    }
}

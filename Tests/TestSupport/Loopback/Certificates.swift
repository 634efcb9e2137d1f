public import Files

/// Certificates for servers of tests, signed by a certificate authority of the test's own; made by `openssl`.
public struct Certificates: Sendable {
    /// Where they are.
    public let folder: FilePath
    /// The certificate of the authority, which a client has to trust.
    public var authority: FilePath { folder.appending("authority.pem") }

    /// Makes an authority in a folder that is there.
    public init(in folder: FilePath) throws {
        self.folder = folder
        let settings = """
            [ca]
            default_ca = here
            [here]
            database = \(folder)/index
            serial = \(folder)/serial
            new_certs_dir = \(folder)
            certificate = \(folder)/authority.pem
            private_key = \(folder)/authority.key
            default_md = sha256
            default_days = 2
            policy = any
            unique_subject = no
            copy_extensions = copy
            [any]
            commonName = supplied
            """
        try FileSystem.write(settings + "\n", to: folder.appending("settings"))
        try FileSystem.write("", to: folder.appending("index"))
        try FileSystem.write("01\n", to: folder.appending("serial"))
        try makeSelfSigned("authority", names: nil)
    }

    /// Makes a certificate with its key, and answers their files.
    ///
    /// - Parameters:
    ///   - names: for whom, as openssl writes it: `DNS:localhost,IP:127.0.0.1`.
    ///   - from: from when it holds, such as `20200101000000Z`; nil for now.
    ///   - until: until when; nil for two days.
    public func make(
        _ name: String, names: String = "DNS:localhost,IP:127.0.0.1", from: String? = nil, until: String? = nil
    ) throws -> (file: FilePath, key: FilePath) {
        let request = folder.appending("\(name).csr")
        try openssl(
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)"]
                + ["-addext", "subjectAltName=\(names)", "-keyout", key(name).string, "-out", request.string])
        let times = (from.map { ["-startdate", $0] } ?? []) + (until.map { ["-enddate", $0] } ?? [])
        try openssl(
            ["ca", "-batch", "-config", folder.appending("settings").string, "-notext", "-in", request.string]
                + ["-out", file(name).string] + times)
        return (file(name), key(name))
    }

    /// Makes one that nobody else has signed.
    @discardableResult
    public func makeSelfSigned(
        _ name: String, names: String? = "DNS:localhost,IP:127.0.0.1"
    ) throws -> (file: FilePath, key: FilePath) {
        let extra = names.map { ["-addext", "subjectAltName=\($0)"] } ?? []
        try openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
                + ["-subj", "/CN=\(name)", "-keyout", key(name).string, "-out", file(name).string] + extra)
        return (file(name), key(name))
    }

    private func file(_ name: String) -> FilePath { folder.appending("\(name).pem") }
    private func key(_ name: String) -> FilePath { folder.appending("\(name).key") }

    private func openssl(_ words: [String]) throws {
        let said = try run(command: "openssl", arguments: words)
        guard said.status == 0 else { throw RunError(description: "openssl \(words[0]): \(said.stderr)") }
    }
}

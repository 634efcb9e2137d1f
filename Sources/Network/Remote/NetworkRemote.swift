public import Git
import HTTP
import Synchronization

/// A remote on another computer, and all that it takes to speak with it as git is configured to.
///
/// It may be used by any number of threads at once. Passwords that were found out are known for as long as it lives.
public final class NetworkRemote: Sendable {
    /// What it is called here.
    public let name: String
    /// Where versions and files come from.
    public let address: NetworkAddress
    /// Where they go; git knows remotes that take them elsewhere.
    public let pushAddress: NetworkAddress
    /// What git calls this program: shown to servers.
    public let agent: String

    let settings: NetworkSettings
    let ssh: SSHClient
    let web: WebClient
    private let isStopped: @Sendable () -> Bool
    /// Where the servers at these places have led to.
    private let moves = Mutex<[HTTPURL: HTTPURL]>([:])

    /// Takes a remote at a URL, as git would: rewritten where its configuration says so.
    ///
    /// - Parameters:
    ///   - mayAsk: whether a person is at a terminal and may be asked for a password or a passphrase.
    ///   - onQuestion: is told with true before somebody may be asked, and with false afterwards: one thing at a time is.
    ///   - isStopped: asked several times a second, on any thread, whether somebody wants an end.
    public init(
        at url: String, called name: String, settings: NetworkSettings, agent: String, mayAsk: Bool,
        onQuestion: @escaping @Sendable (Bool) -> Void = { _ in }, isStopped: @escaping @Sendable () -> Bool
    ) throws(NetworkError) {
        // A name and a password in a URL that was just typed stand in no file yet.
        let settings = settings.including(address: url)
        self.name = name
        self.settings = settings
        self.agent = agent
        self.isStopped = isStopped
        address = try NetworkAddress(settings.rewritten(url))
        pushAddress = try NetworkAddress(
            settings["remote.\(name).pushurl"].map { settings.rewritten($0) }
                ?? settings.rewritten(url, forPush: true))
        ssh = SSHClient(
            settings: settings, environment: settings.environment, mayAsk: mayAsk, isStopped: isStopped,
            onQuestion: onQuestion)
        web = WebClient(settings: settings, remote: name, mayAsk: mayAsk, onQuestion: onQuestion)
    }

    /// Begins to speak with a service of git.
    public func channel(to service: WireService) throws(NetworkError) -> any WireChannel {
        switch service == .uploadPack ? address : pushAddress {
        case .ssh(let address): try ssh.channel(to: service.rawValue, at: address)
        case .web(let url, let user):
            HTTPChannel(to: url, user: user, service: service.rawValue, by: web, isStopped: isStopped) {
                [weak self] place in self?.moves.withLock { $0[url] = place }
            }
        }
    }

    /// Where the repository is now, if its server has led to another place than the address names.
    public var newPlace: String? {
        let now = settled(address)
        return now == address ? nil : "\(now)"
    }

    /// Where an address has led to, as far as it was asked. The name in it is for the server that stands there.
    private func settled(_ address: NetworkAddress) -> NetworkAddress {
        guard case .web(let url, let user) = address, let place = moves.withLock({ $0[url] }) else {
            return address
        }
        return .web(place, user: url.isSameServer(as: place) ? user : nil)
    }

    /// Who moves files of this remote. Where it is reached by ssh and has `git-lfs-transfer`, that is ssh alone; else its git-lfs
    /// server is asked, of which ssh may have to be asked first. One that nobody has named is below the place to which git's
    /// server has led.
    ///
    /// - Parameters:
    ///   - direction: which way files are to go first.
    ///   - lfsconfig: what `.lfsconfig` of the version says.
    public func files(
        for direction: TransferDirection, by lfsconfig: LFSConfig
    ) throws(NetworkError) -> any FileClient {
        let download = try LFSEndpoint.find(
            for: .download, of: name, at: settled(address), settings: settings, lfsconfig: lfsconfig)
        let upload = try LFSEndpoint.find(
            for: .upload, of: name, at: settled(pushAddress), settings: settings, lfsconfig: lfsconfig)
        // git-lfs's own word for it: `never`, `always` or, without any, to try.
        let custom = settings["lfs.sshtransfer"]
        var whyNot: NetworkError?
        if let place = download.ssh, place == upload.ssh, custom != "never" {
            let client = TransferClient(ssh: ssh, address: place, connections: settings.concurrentTransfers ?? 4)
            if try client.connect(direction) { return client }
            whyNot = client.otherWords
            guard custom != "always" else {
                throw NetworkError(
                    .refused, "\(place.host) has no git-lfs-transfer, and lfs.sshtransfer allows nothing else",
                    hint: "install Offbeat or git-lfs-transfer there, or take the setting away")
            }
        }
        // Settings are for addresses as people write them.
        let named = try LFSEndpoint.find(
            for: .upload, of: name, at: pushAddress, settings: settings, lfsconfig: lfsconfig)
        return LFSClient(
            download: download, upload: upload, web: web,
            width: settings.concurrentTransfers ?? LFSClient.usualWidth,
            verifiesLocks: named.verifiesLocks(settings, lfsconfig)
        ) { [ssh, whyNot] (address, operation) throws(NetworkError) in
            let answer = try ssh.authenticate(address, operation)
            // It was git-lfs-transfer that complained, as it seems now.
            if answer == nil, let whyNot { throw whyNot }
            return answer
        }
    }
}

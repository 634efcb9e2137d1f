import Git
import Network
import Synchronization

/// A conversation with a service of git at a remote, and what the server said first. For one thread at a time.
final class GitConversation: @unchecked Sendable {
    // Sendable: it is handed from thread to thread, but whoever has it, has it alone.

    let channel: any WireChannel
    let advertisement: Advertisement

    /// Begins one.
    init(with service: WireService, at remote: NetworkRemote) throws {
        do {
            channel = try remote.channel(to: service)
            advertisement = try Advertisement.read(from: channel, of: service)
        } catch { throw SyncError.ofTravel(error, at: remote.place) }
    }

    /// Ends it without having wanted anything.
    func leave() { channel.leave() }

    deinit { channel.close() }
}

extension NetworkRemote {
    /// Where it is, for a person.
    var place: String { "\(address)" }
}

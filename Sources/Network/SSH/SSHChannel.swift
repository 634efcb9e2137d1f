import Files
public import Git

/// A conversation with a service of git at the other end of ssh. For one thread.
public final class SSHChannel: WireChannel {
    private let conversation: SSHConversation

    init(_ conversation: SSHConversation) { self.conversation = conversation }

    /// One stream in each direction.
    public var isStateless: Bool { false }

    /// Reads some of what the server says. Throws ``NetworkError`` where it could not be reached, does not let us in, has
    /// no such repository, or ended otherwise than in order.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try conversation.read(into: buffer)
    }

    /// Sends a request; its pack goes out piece by piece, while what comes back meanwhile is taken.
    public func send(_ request: WireRequest) throws {
        try request.lines.withUnsafeBytes { try conversation.write($0) }
        if let pack = request.pack { try send(pack) }
        // Some servers wait for the end of what they are told before they answer.
        if request.isLast { conversation.closeInput() }
    }

    private func send(_ pack: FilePath) throws {
        let file = try FileDescriptor.open(pack, .read)
        file.expectSequentialReading()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while !conversation.takesNoMore, case let count = try file.read(into: buffer), count > 0 {
            try conversation.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// Ends the conversation; a server that has not ended in order soon after is left to itself.
    public func close() { conversation.end(within: .seconds(1)) }
}

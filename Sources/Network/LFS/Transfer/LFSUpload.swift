import Blobs
import Catalog
import Digest
import Files
import Glibc
import HTTP

/// Files that go to a server.
struct LFSUpload: Sendable {
    let transfer: LFSTransfer
    let store: BlobStore

    /// Sends a file, and has the server verify it where it wants that.
    func send(_ item: inout LFSItem) throws(LFSFailure) {
        guard let object = item.object, let action = object.actions["upload"] else { return }
        if !item.isSent { try put(&item, action, object) }
        item.isSent = true
        if let verify = object.actions["verify"] { try self.verify(item, verify, object) }
        transfer.arrived(item)
    }

    private func put(_ item: inout LFSItem, _ action: LFSAction, _ object: LFSObject) throws(LFSFailure) {
        let source: LFSSource
        do throws(BlobError) { source = LFSSource(try store.open(item.file), of: item.file) } catch {
            switch error.code {
            case .missing: throw LFSFailure(.missing, NetworkError(error))
            case .damaged: throw LFSFailure(.damaged, NetworkError(error))
            default: throw LFSFailure(error)
            }
        }
        var request = HTTPRequest(.put, action.url, headers: action.headers)
        if request.headers["Content-Type"] == nil { request.headers["Content-Type"] = "application/octet-stream" }
        var place = item
        let transfer = transfer
        let isChunked = action.isChunked || item.tooLarge != nil
        request.body = .stream(length: isChunked ? nil : item.file.size, rewind: source.rewind) { buffer in
            let count = source.read(into: buffer)
            transfer.moved(&place, to: source.position, lasting: false)
            return count
        }
        let answer = Result { () throws(LFSFailure) in
            try exchange(request, action, object, asking: "take the file \(place.file.oid)")
        }
        request.body = .none
        item = place
        if let failure = source.failure { throw failure }
        do throws(LFSFailure) { try answer.get() } catch { throw again(&item, error, isChunked) }
    }

    /// What follows from a failure: a server behind a limit may take in chunks what it does not take whole.
    private func again(_ item: inout LFSItem, _ failure: LFSFailure, _ wasChunked: Bool) -> LFSFailure {
        if case .tooLarge = failure.kind, !wasChunked {
            item.tooLarge = LFSFailure(.final, failure.error)
            return LFSFailure(.another, failure.error)
        }
        switch failure.kind {
        case .tooLarge, .final: return item.tooLarge ?? LFSFailure(.final, failure.error)
        default: return failure
        }
    }

    private func verify(_ item: LFSItem, _ action: LFSAction, _ object: LFSObject) throws(LFSFailure) {
        let body: JSON = ["oid": .string(item.file.oid.hex), "size": .integer(item.file.size)]
        var request = HTTPRequest(.post, action.url, headers: LFSServer.headers(withBody: true))
        request.headers.merge(action.headers)
        request.body = .bytes(body.compact())
        request.isRepeatable = true
        for number in 1... {
            do throws(LFSFailure) {
                return try exchange(
                    request, action, object, asking: "have the file \(item.file.oid) that went there")
            } catch {
                guard case .passing(let wish) = error.kind, number < transfer.patience.verifications, wish == nil
                else { throw error }
                sleep(transfer.patience.pause(after: number))
            }
        }
    }

    private func exchange(
        _ request: HTTPRequest, _ action: LFSAction, _ object: LFSObject, asking what: String
    ) throws(LFSFailure) {
        var request = request
        let access = transfer.server.access(to: action, of: object)
        request.headers.merge(access.headers)
        var secrets = action.headers
        secrets.merge(access.headers)
        let answer: (head: HTTPResponse, body: [UInt8])
        do throws(NetworkError) {
            answer = try transfer.server.web.collect(
                request, as: access.access, secrets: secrets, upTo: 1 << 20, isStopped: transfer.isOver)
        } catch { throw LFSFailure(error) }
        guard answer.head.isSuccess else { throw LFSFailure(answer.head, answer.body, asking: what).ofSending }
    }

    private func sleep(_ pause: Duration) {
        let end = LFSMoment.now + pause
        while LFSMoment.now < end, !transfer.isOver() { usleep(10_000) }
    }
}

extension LFSFailure {
    /// What is not there to be sent to, or not there afterwards, is not missing here.
    fileprivate var ofSending: LFSFailure {
        if case .missing = kind { LFSFailure(.final, error) } else { self }
    }
}

/// The bytes of a file that goes, hashed on their way: the last are only given out if all are what the name says, so that no
/// server ever has a whole file that is another.
final class LFSSource: @unchecked Sendable {
    // Sendable: one thread has it at a time.
    private let file: Pointer
    private let descriptor: FileDescriptor
    private let digest = SHA256()
    private(set) var position: Int64 = 0
    /// Whether all bytes were given out, and are what the name says.
    private var isProven = false
    /// Why it cannot be read.
    private(set) var failure: LFSFailure?

    init(_ descriptor: consuming FileDescriptor, of file: Pointer) {
        self.file = file
        self.descriptor = descriptor
        self.descriptor.expectSequentialReading()
    }

    /// Goes back to the beginning.
    func rewind() -> Bool {
        digest.reset()
        (position, isProven) = (0, false)
        return true
    }

    /// Gives out what is next; nothing at the end, about which those ask who send it in chunks.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if isProven { return 0 }
        do throws(FileError) {
            let count = try descriptor.pread(into: buffer, at: position)
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            position += Int64(count)
            guard count == 0 || position == file.size else { return count }
            isProven = position == file.size && digest.finish() == file.oid
            if isProven { return count }
            let words = "the stored file \(file.oid) is damaged: its bytes are others than its name says"
            failure = LFSFailure(.damaged, NetworkError(.local, words))
        } catch { failure = LFSFailure(BlobError(error)) }
        return nil
    }
}

import Blobs
import HTTP

/// Files that come from a server.
struct LFSDownload: Sendable {
    let transfer: LFSTransfer
    let goal: any LFSGoal

    /// Brings a file to its goal.
    func bring(_ item: inout LFSItem) throws(LFSFailure) {
        let sink = try begin(&item)
        // Asked while nobody else is at it: who was a moment ago, may have brought it since.
        if item.wasBusy, goal.has(item.file) {
            item.sink = nil
            return transfer.arrived(item)
        }
        let wasWhole = sink.received == item.file.size
        try fetch(&item, into: sink)
        let isRight: Bool
        do throws(BlobError) { isRight = try goal.finish(sink) } catch { throw LFSFailure(error) }
        if isRight {
            item.sink = nil
            return transfer.arrived(item)
        }
        // What was left here before is nothing that the server gave.
        let words = "other bytes than its name says came for the file \(item.file.oid)"
        let isDamaged = item.isSuspect && !wasWhole
        item.isSuspect = item.isSuspect || !wasWhole
        throw LFSFailure(isDamaged ? .damaged : .another, NetworkError(.refused, words))
    }

    private func begin(_ item: inout LFSItem) throws(LFSFailure) -> any LFSSink {
        if let sink = item.sink { return sink }
        let sink: (any LFSSink)?
        do throws(BlobError) { sink = try goal.begin(item.file) } catch { throw LFSFailure(error) }
        guard let sink else {
            throw LFSFailure(.busy, NetworkError(.local, "another process is bringing the file \(item.file.oid)"))
        }
        item.sink = sink
        return sink
    }

    /// Brings the bytes of a file into its sink, which goes on from where it was left; all of them when it returns.
    func fetch(_ item: inout LFSItem, into sink: any LFSSink) throws(LFSFailure) {
        guard sink.received < item.file.size else { return }
        guard let object = item.object, let action = object.actions["download"] else { return }
        var request = HTTPRequest(.get, action.url, headers: action.headers)
        // It would be led on without its headers looked at.
        request.followsRedirects = false
        let isPart = sink.received > 0 && item.mayResume
        if isPart { request.headers["Range"] = "bytes=\(sink.received)-\(item.file.size - 1)" }
        var taking = LFSTaking(item.file, into: sink, isPart: isPart)
        let (server, access) = (transfer.server, transfer.server.access(to: action, of: object))
        request.headers.merge(access.headers)
        var secrets = action.headers
        secrets.merge(access.headers)
        var place = item
        let result = Result { () throws(NetworkError) in
            try server.web.follow(
                request, as: access.access, secrets: secrets, isStopped: transfer.isOver,
                onHead: { taking.take(head: $0) },
                onBody: { bytes in
                    defer { transfer.moved(&place, to: sink.received, lasting: true) }
                    return taking.take(body: bytes)
                })
        }
        item = place
        if taking.isOtherPart { item.mayResume = false }
        try taking.finish(result)
    }
}

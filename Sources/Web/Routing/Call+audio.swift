import Offbeat
import Serving

extension Call {
    /// No body is larger.
    private static let audioLimit: Int64 = 1 << 40

    /// Hands on the audio that comes with the request. It is sent only when nothing else stands in the way; where it does not
    /// come to its end, that is what is answered.
    func arriving<R>(named name: String, _ use: (ArrivingAudio) throws -> R) throws -> R {
        let source = Source(request.body, upTo: Self.audioLimit)
        do {
            return try use(ArrivingAudio(named: name, size: request.body.length) { try source.read(into: $0) })
        } catch { throw source.problem ?? error }
    }

    /// A body, and what went wrong with it.
    private final class Source {
        private let body: RequestBody
        private let limit: Int64
        private var isAccepted = false
        private(set) var problem: Problem?

        init(_ body: RequestBody, upTo limit: Int64) { (self.body, self.limit) = (body, limit) }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do throws(Problem) {
                if !isAccepted { try body.accept(upTo: limit) }
                isAccepted = true
                return try body.read(into: buffer)
            } catch {
                problem = error
                throw error
            }
        }
    }
}

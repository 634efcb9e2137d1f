import Blobs

extension [Pointer] {
    /// How many bytes the files have together; more than there can be are as many as there can be.
    var totalSize: Int64 { reduce(0) { Self.sum($0, $1.size) } }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }

    /// Each file once, and none that has no bytes, in the same order.
    var worthMoving: [Pointer] {
        var seen: Set<Pointer> = []
        return filter { !$0.isEmpty && seen.insert($0).inserted }
    }

    /// Portions that each become durable together: what is cut off loses no more than one.
    var portions: [ArraySlice<Pointer>] {
        var portions: [ArraySlice<Pointer>] = []
        var start = startIndex
        var bytes: Int64 = 0
        for index in indices {
            bytes = Self.sum(bytes, self[index].size)
            guard bytes >= Self.bytesInPortion || index - start + 1 >= Self.filesInPortion else { continue }
            portions.append(self[start...index])
            (start, bytes) = (index + 1, 0)
        }
        if start < endIndex { portions.append(self[start...]) }
        return portions
    }

    private static var bytesInPortion: Int64 { 256 << 20 }
    private static var filesInPortion: Int { 16_384 }
}

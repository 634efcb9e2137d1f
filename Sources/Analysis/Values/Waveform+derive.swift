extension Waveform.Level {
    /// The same seen from further away, as far as it can be told from this: nil unless `samplesPerPixel` is a multiple.
    ///
    /// Least and greatest are exact. The mean squares are made of rounded ones, each stretch counting alike, so that
    /// whoever has the nearer distance comes to the same numbers; blobs rely on that.
    ///
    /// - Parameter between: one that was derived from this before and is nearer: least and greatest are the same from there,
    ///   and found sooner.
    public func derived(samplesPerPixel wanted: Int, by between: Waveform.Level? = nil) -> Waveform.Level? {
        guard samplesPerPixel > 0, wanted > samplesPerPixel, wanted.isMultiple(of: samplesPerPixel) else {
            return nil
        }
        let peaks = between.flatMap { wanted.isMultiple(of: $0.samplesPerPixel) ? $0 : nil } ?? self
        let step = wanted / peaks.samplesPerPixel
        return Waveform.Level(
            samplesPerPixel: wanted, mono: Self.extremes(of: peaks.mono, step),
            channels: peaks.channels.map { Self.extremes(of: $0, step) },
            rms: Self.meanSquares(of: rms, wanted / samplesPerPixel))
    }

    private static func extremes(of peaks: [Int8], _ factor: Int) -> [Int8] {
        let pairs = peaks.count / 2
        let count = pairs / factor + (pairs.isMultiple(of: factor) ? 0 : 1)
        return [Int8](unsafeUninitializedCapacity: count * 2) { room, filled in
            peaks.withUnsafeBufferPointer { peaks in
                var stretch = 0
                // Four of a stretch, four stretches at a time: nearly all are of this kind.
                while factor == 4, stretch + 4 <= pairs / 4 {
                    let all = UnsafeRawBufferPointer(peaks).loadUnaligned(
                        fromByteOffset: 8 * stretch, as: SIMD32<Int8>.self)
                    let (least, greatest) = (all.evenHalf, all.oddHalf)
                    let (low, high) = (
                        pointwiseMin(least.evenHalf, least.oddHalf),
                        pointwiseMax(greatest.evenHalf, greatest.oddHalf)
                    )
                    let (lowest, highest) = (
                        pointwiseMin(low.evenHalf, low.oddHalf), pointwiseMax(high.evenHalf, high.oddHalf)
                    )
                    for index in 0..<4 {
                        room[2 * (stretch + index)] = lowest[index]
                        room[2 * (stretch + index) + 1] = highest[index]
                    }
                    stretch += 4
                }
                while stretch < count {
                    var least = Int8.max
                    var greatest = Int8.min
                    for pair in stretch * factor..<min(stretch * factor + factor, pairs) {
                        least = min(least, peaks[2 * pair])
                        greatest = max(greatest, peaks[2 * pair + 1])
                    }
                    room[2 * stretch] = least
                    room[2 * stretch + 1] = greatest
                    stretch += 1
                }
            }
            filled = count * 2
        }
    }

    /// The root of the mean of the squares, halves rounded up.
    private static func meanSquares(of rms: [UInt8], _ factor: Int) -> [UInt8] {
        let count = rms.count / factor + (rms.count.isMultiple(of: factor) ? 0 : 1)
        return [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            rms.withUnsafeBufferPointer { rms in
                for stretch in 0..<count {
                    let range = stretch * factor..<min(stretch * factor + factor, rms.count)
                    var sum = 0
                    for place in range { sum += Int(rms[place]) * Int(rms[place]) }
                    let mean = Double(sum) / Double(range.count)
                    room[stretch] = UInt8((mean.squareRoot() + 0.5).rounded(.down))
                }
            }
            filled = count
        }
    }
}

/// The memory for a piece of audio: as it is read, each channel by itself, and the mean of all.
final class Piece {
    /// How many frames have room.
    let capacity: Int
    let channels: Int
    /// Channel by channel within each frame.
    let interleaved: UnsafeMutableBufferPointer<Float>
    private let parted: [UnsafeMutableBufferPointer<Float>]
    private let middle: UnsafeMutableBufferPointer<Float>
    private var count = 0

    init(channels: Int, capacity: Int) {
        func room(_ count: Int) -> UnsafeMutableBufferPointer<Float> {
            let room = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
            room.initialize(repeating: 0)
            return room
        }
        (self.channels, self.capacity) = (channels, capacity)
        interleaved = room(capacity * channels)
        parted = channels > 1 ? (0..<channels).map { _ in room(capacity) } : []
        middle = room(capacity)
    }

    deinit {
        interleaved.deallocate()
        for plane in parted { plane.deallocate() }
        middle.deallocate()
    }

    /// The mean of all channels.
    var mean: UnsafeBufferPointer<Float> { UnsafeBufferPointer(rebasing: middle[..<count]) }

    /// Each channel; of a single one, that.
    var planes: [UnsafeBufferPointer<Float>] {
        parted.isEmpty ? [mean] : parted.map { UnsafeBufferPointer(rebasing: $0[..<count]) }
    }

    /// Parts so many frames that were read.
    func part(_ count: Int) {
        self.count = count
        if channels == 1 {
            for index in 0..<count { middle[index] = interleaved[index] }
        } else if channels == 2 {
            let (source, left, right) = (interleaved, parted[0], parted[1])
            for index in 0..<count {
                let (one, other) = (source[2 * index], source[2 * index + 1])
                left[index] = one
                right[index] = other
                middle[index] = (one + other) * 0.5
            }
        } else {
            let share = 1 / Float(channels)
            for index in 0..<count { middle[index] = 0 }
            for (channel, plane) in parted.enumerated() {
                for index in 0..<count {
                    plane[index] = interleaved[index * channels + channel]
                    middle[index] += plane[index] * share
                }
            }
        }
    }
}

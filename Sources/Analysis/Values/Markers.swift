/// Moments in audio, in milliseconds from its beginning, in their order.
public struct Markers: Sendable, Equatable {
    /// Where something new sounds.
    public var onsets: [Int] = []
    /// Where the beats are.
    public var beats: [Int] = []
    /// Where nothing is heard.
    public var silences: [Span] = []
    /// Parts that sound unlike their neighbours.
    public var sections: [Span] = []

    /// Nothing was found.
    public init() {}

    /// From one moment to another.
    public struct Span: Sendable, Equatable {
        /// Where it begins.
        public var start: Int
        /// Where the next thing begins.
        public var end: Int

        /// Names a stretch.
        public init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }
}

import Catalog

extension SoundAnalysis {
    /// How many bytes the canonical JSON of ``document`` has: what the size of blobs is compared with.
    ///
    /// Long lists are counted and not written, so it costs little.
    public var rawSize: Int {
        var small = self
        var lists = 0
        for index in small.waveform.levels.indices {
            let level = small.waveform.levels[index]
            lists += ListSize.plain(level.mono, depth: 5) + ListSize.plain(level.rms, depth: 5)
            lists += level.channels.reduce(0) { $0 + ListSize.plain($1, depth: 6) }
            small.waveform.levels[index].mono = []
            small.waveform.levels[index].rms = []
            small.waveform.levels[index].channels = level.channels.map { _ in [] }
        }
        for index in small.features.curves.indices {
            lists += ListSize.curve(small.features.curves[index])
            small.features.curves[index].raw = []
        }
        return JSON.object(small.document).canonical().count + lists
    }
}

/// How much longer canonical JSON gets by the elements of a list. Each stands on a line of its own.
private enum ListSize {
    /// The size of a list of numbers whose elements are so many levels deep, without that of an empty list.
    static func plain<Number: FixedWidthInteger>(_ list: [Number], depth: Int) -> Int {
        list.isEmpty ? 0 : lines(list.count, depth) + list.reduce(0) { $0 + digits(Int($1)) }
    }

    /// The same for a curve, which has a list for each moment where it is wider than one number.
    static func curve(_ curve: Features.Curve) -> Int {
        guard !curve.raw.isEmpty else { return 0 }
        let sizes = curve.legible.map { JSON.finite($0).compact().count }
        let numbers = curve.raw.reduce(0) { $0 + sizes[Int($1)] }
        guard curve.width > 1 else { return lines(curve.raw.count, 4) + numbers }
        let moments = curve.raw.count / curve.width
        return lines(moments, 4) + moments * (2 + lines(curve.width, 5)) + numbers
    }

    /// All but the elements themselves and the brackets: newlines, indents and commas.
    private static func lines(_ count: Int, _ depth: Int) -> Int {
        count * (1 + 2 * depth) + count - 1 + 1 + 2 * (depth - 1)
    }

    private static func digits(_ number: Int) -> Int {
        (number < 0 ? 1 : 0) + (number.magnitude < 10 ? 1 : number.magnitude < 100 ? 2 : 3)
    }
}

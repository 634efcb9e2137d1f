/// Rows for people, in aligned columns that fit the terminal.
///
/// Where the rows are too wide, only columns that say so are shortened, the widest first; an id is never cut.
struct Table {
    /// One column of the table.
    struct Column {
        let title: String
        var isNumber = false
        var mayShrink = false

        /// A column of text that may be shortened.
        static func text(_ title: String) -> Column { Column(title: title, mayShrink: true) }

        /// A column of ids or other words that are of use only when whole.
        static func whole(_ title: String) -> Column { Column(title: title) }

        /// A column of figures, aligned at the right.
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private let columns: [Column]
    private var rows: [[Line]] = []
    private static let gap = 2
    private static let narrowest = 8

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; missing cells are empty.
    mutating func add(_ cells: [Line]) {
        precondition(cells.count <= columns.count, "a row has more cells than the table has columns")
        rows.append(cells + Array(repeating: Line(), count: columns.count - cells.count))
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Returns the lines, titles first.
    ///
    /// - Parameter width: the columns of the terminal; nil to cut nothing.
    func lines(width: Int?, colored: Bool) -> [String] {
        let titles = columns.map { Line($0.title, .faint) }
        let widths = fit(natural(titles), into: width)
        return ([titles] + rows).map { cells in
            var text = ""
            var blanks = 0
            for (index, cell) in cells.enumerated() {
                let shown = cell.shortened(to: widths[index])
                let padding = widths[index] - shown.width
                if columns[index].isNumber { blanks += padding }
                if shown.width > 0 {
                    text += String(repeating: " ", count: blanks) + shown.rendered(colored: colored)
                    blanks = 0
                } else {
                    blanks += shown.width
                }
                if !columns[index].isNumber { blanks += padding }
                blanks += Self.gap
            }
            return text
        }
    }

    private func natural(_ titles: [Line]) -> [Int] {
        columns.indices.map { index in
            rows.reduce(titles[index].width) { max($0, $1[index].width) }
        }
    }

    private func fit(_ natural: [Int], into width: Int?) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        var excess = natural.reduce(0, +) + Self.gap * (columns.count - 1) - width
        while excess > 0 {
            let shrinkable = columns.indices.filter { columns[$0].mayShrink && widths[$0] > Self.narrowest }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}

/// Sizes and lengths of time, as people read and write them.
enum Quantity {
    private static let units: [(suffix: String, factor: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// Returns a number of bytes for people: `512 B`, `1.2 GiB`.
    static func size(_ bytes: Int64) -> String {
        // A value that would be shown as 1024.0 of a unit belongs to the next unit.
        for (suffix, factor) in units where bytes >= factor - factor / 2048 {
            let tenths = (bytes / factor) * 10 + ((bytes % factor) * 10 + factor / 2) / factor
            return "\(tenths / 10).\(tenths % 10) \(suffix)"
        }
        return "\(bytes) B"
    }

    /// Returns a length of time for people, rounded to seconds: `0:07`, `3:05`, `1:02:03`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "-:--" }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
    }

    /// Returns the length of something that plays, in the seconds that are full, as players show it: `3:05`.
    static func duration(milliseconds: Int64) -> String { duration(seconds: Double(milliseconds / 1000)) }

    /// Returns a whole number with its thousands apart: `12,345`.
    static func count(_ number: Int64) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }

    /// Returns a count with its noun: `1 track`, `1,200 tracks`.
    static func count(_ number: Int64, _ noun: String, plural: String? = nil) -> String {
        count(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
    }

    /// Reads a length of time: `90` (seconds), `90s`, `15m`, `2h`, `7d`, `2w` and sums such as `1h30m`.
    static func duration(from text: String) -> Duration? {
        if let seconds = wholeNumber(text) { return .seconds(seconds) }
        var total: Int64 = 0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let factor = secondsPerUnit[character], let number = wholeNumber(digits) else { return nil }
            let (product, overflows) = number.multipliedReportingOverflow(by: factor)
            let (sum, overflowsToo) = total.addingReportingOverflow(product)
            if overflows || overflowsToo { return nil }
            total = sum
            digits = ""
        }
        return digits.isEmpty && !text.isEmpty ? .seconds(total) : nil
    }

    private static let secondsPerUnit: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]

    /// Reads a number of bytes: `500`, `64k`, `10MB`, `2GiB`, `2 GiB`; every unit is a power of 1,024.
    static func size(from text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = wholeNumber(String(digits)) else { return nil }
        let factor: Int64? =
            switch unit {
            case "", "b": 1
            case "k", "kb", "kib": 1 << 10
            case "m", "mb", "mib": 1 << 20
            case "g", "gb", "gib": 1 << 30
            case "t", "tb", "tib": 1 << 40
            default: nil
            }
        guard let factor else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : product
    }

    /// Plain digits only: `Int64.init` would take a sign as well.
    private static func wholeNumber(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

@_spi(_Unicode) import Swift

/// Makes text comparable the way people search: without case and accents, in words.
///
/// `Café-Noir` gives the words `cafe` and `noir`. An index that stores folded text and splits it at everything that
/// is neither letter nor digit finds the same as `Query.matches`.
public enum Folding {
    /// The words of a text, folded: its runs of letters and digits.
    public static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func finish() {
            if !word.isEmpty { words.append(String(word)) }
            word = String.UnicodeScalarView()
        }
        for scalar in folded(text) {
            if isWordPart(scalar) { word.append(scalar) } else { finish() }
        }
        finish()
        return words
    }

    /// The text without case and accents, all else kept.
    public static func fold(_ text: String) -> String { String(folded(text)) }

    private static func folded(_ text: String) -> String.UnicodeScalarView {
        var result = String.UnicodeScalarView()
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in text.utf8 {
                let isUpper = byte &- UInt8(ascii: "A") < 26
                result.append(Unicode.Scalar(isUpper ? byte | 0x20 : byte))
            }
            return result
        }
        for scalar in text._nfd {
            let properties = scalar.properties
            if properties.generalCategory == .nonspacingMark { continue }
            result.append(contentsOf: properties.lowercaseMapping.unicodeScalars)
        }
        return result
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ASCII.isDigit(UInt8(scalar.value)) || ASCII.isLower(UInt8(scalar.value) | 0x20)
        }
        return switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}

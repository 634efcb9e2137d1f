extension Stamp {
    /// The greatest stamp that stands anywhere in a text which may be no record any more; nil where there is none.
    ///
    /// What takes the place of a damaged record must be later than all that can still be read in it.
    public static func greatest(in text: [UInt8]) -> Stamp? {
        var found: Stamp?
        for (index, byte) in text.enumerated() where byte == UInt8(ascii: "@") && index >= 16 {
            let bytes = text[(index - 16)..<min(text.count, index + 13)]
            guard bytes.count == 29, let stamp = Stamp(String(decoding: bytes, as: UTF8.self)) else { continue }
            found = max(found ?? stamp, stamp)
        }
        return found
    }
}

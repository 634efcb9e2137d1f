extension LocalTime {
    /// Reads a time as a person writes it: `2026-11-20T09:00:00`, without the seconds, and with a blank in the place of
    /// the `T`.
    public init?(written text: String) {
        var bytes = Array(text.utf8)
        if bytes.count == 16 { bytes += Array(":00".utf8) }
        if bytes.count == 19, bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        self.init(bytes: bytes[...])
    }
}

/// What files are called on the web, by what their names end in.
enum MediaType {
    /// The media type; one that says nothing where the ending is not known.
    static func named(_ fileExtension: String) -> String {
        types[fileExtension.lowercased()] ?? "application/octet-stream"
    }

    private static let types = [
        "flac": "audio/flac", "wav": "audio/wav", "aiff": "audio/aiff", "aif": "audio/aiff", "mp3": "audio/mpeg",
        // Opus in a file is Ogg; `audio/opus` is that of streams (RFC 7845).
        "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "m4a": "audio/mp4",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    ]
}

public import Catalog
import Digest
import Files

extension Publication {
    /// What goes out as JSON: what programs are told, and what is remembered of a post that is out.
    public var document: JSON {
        var fields: JSONObject = [
            "key": .string(key.description), "post": .string(post.hex), "text": .string(text),
            "time": .string(time.description), "platforms": .array(platforms.map(JSON.string)),
        ]
        if let title { fields["title"] = .string(title) }
        if let author { fields["author"] = .string(author) }
        if let image { fields["image"] = .object(image.fields) }
        if let track {
            var about: JSONObject = ["audio": .object(track.audio.fields)]
            if let title = track.title { about["title"] = .string(title) }
            if let artist = track.artist { about["artist"] = .string(artist) }
            if let length = track.milliseconds { about["durationMs"] = .integer(length) }
            fields["track"] = .object(about)
        }
        return .object(fields)
    }

    /// Reads what was remembered. Where files are now is for the caller to say.
    public init?(_ document: JSON) {
        guard let key = document["key"]?.asString.flatMap({ PublicationKey($0) }),
            let post = document["post"]?.asString.flatMap({ PostID($0) }),
            let time = document["time"]?.asString.flatMap({ Timestamp($0) })
        else { return nil }
        self.init(of: post, key: key, at: time)
        title = document["title"]?.asString
        text = document["text"]?.asString ?? ""
        platforms = (document["platforms"]?.asArray ?? []).compactMap(\.asString)
        author = document["author"]?.asString
        if let found = document["image"] {
            guard let image = Medium(found) else { return nil }
            self.image = image
        }
        if let found = document["track"] {
            guard let audio = found["audio"].flatMap({ Medium($0) }) else { return nil }
            track = PublishedTrack(
                audio: audio, title: found["title"]?.asString, artist: found["artist"]?.asString,
                milliseconds: found["durationMs"]?.asInteger)
        }
    }
}

extension Medium {
    fileprivate var fields: JSONObject {
        var fields: JSONObject = ["name": .string(name), "oid": .string(oid.hex), "size": .integer(size)]
        if let file { fields["file"] = .string(file.string) }
        return fields
    }

    fileprivate init?(_ value: JSON) {
        guard let oid = value["oid"]?.asString.flatMap({ ContentHash(hex: $0) }),
            let size = value["size"]?.asInteger, let name = value["name"]?.asString, name.hasPrefix("\(oid.hex).")
        else { return nil }
        self.init(oid: oid, size: size, fileExtension: String(name.dropFirst(65)), file: nil)
    }
}

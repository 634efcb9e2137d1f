import Catalog

extension FeedDocument {
    /// The feed as JSON Feed 1.1, in canonical JSON.
    public func json() -> [UInt8] {
        var feed: JSONObject = [
            "version": "https://jsonfeed.org/version/1.1", "title": .string(settings.title),
            "home_page_url": .string(addresses.base), "feed_url": .string(addresses.json),
            "items": .array(items.map { .object(json($0)) }),
        ]
        feed["description"] = settings.description.shown.map(JSON.string)
        feed["icon"] = image.map(JSON.string)
        feed["language"] = settings.language.map(JSON.string)
        feed["authors"] = authors(settings.author)
        return JSON.object(feed).canonical()
    }

    private func json(_ item: Publication) -> JSONObject {
        var object: JSONObject = [
            "id": .string(item.post.hex), "url": .string(addresses.post(item.post)),
            "content_text": .string(item.text), "date_published": .string(item.time.description),
        ]
        object["title"] = item.title.shown.map(JSON.string)
        object["image"] = image(of: item).map(JSON.string)
        object["authors"] = authors(item.author)
        object["attachments"] = track(of: item).map { [.object(json($0))] }
        return object
    }

    private func json(_ track: PublishedTrack) -> JSONObject {
        var object: JSONObject = [
            "url": .string(addresses.medium(track.audio)),
            "mime_type": .string(MediaType.named(track.audio.fileExtension)),
            "size_in_bytes": .integer(track.audio.size),
        ]
        object["title"] = track.line.map(JSON.string)
        object["duration_in_seconds"] = FeedTime.seconds(track.milliseconds).map(JSON.integer)
        return object
    }

    private func authors(_ name: String?) -> JSON? {
        name.shown.map { [["name": .string($0)]] }
    }
}

import Catalog

extension FeedDocument {
    /// The feed as RSS 2.0, with what podcast directories ask for beside.
    public func rss() -> [UInt8] {
        var writer = XMLWriter()
        writer.element(
            "rss",
            [
                "version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom",
                "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
                "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
            ]
        ) { rss in
            rss.element("channel") { channel in
                writeHead(to: &channel)
                for item in items { channel.element("item") { write(item, to: &$0) } }
            }
        }
        return writer.bytes
    }

    private func writeHead(to channel: inout XMLWriter) {
        channel.element("title", text: settings.title)
        channel.element("link", text: addresses.base)
        channel.empty(
            "atom:link", ["href": addresses.rss, "rel": "self", "type": "application/rss+xml"])
        // RSS asks for one.
        channel.element("description", text: settings.description.shown ?? settings.title)
        if let language = settings.language { channel.element("language", text: language) }
        if let newest = items.first { channel.element("lastBuildDate", text: FeedTime.rfc822(newest.time)) }
        channel.element("generator", text: "Offbeat")
        if let image {
            channel.element("image") { element in
                element.element("url", text: image)
                element.element("title", text: settings.title)
                element.element("link", text: addresses.base)
            }
            channel.empty("itunes:image", ["href": image])
        }
        if let author = settings.author.shown { channel.element("itunes:author", text: author) }
        write(settings.categories[...], to: &channel)
        channel.element("itunes:explicit", text: settings.isExplicit ? "true" : "false")
        if let id = addresses.podcastID { channel.element("podcast:guid", text: id) }
        // Nobody else is to take it over.
        channel.element("podcast:locked", text: "yes")
        channel.element("podcast:medium", text: settings.categories.first == "Music" ? "music" : "podcast")
    }

    /// Writes a category, with those that are part of it inside.
    private func write(_ categories: ArraySlice<String>, to writer: inout XMLWriter) {
        guard let name = categories.first else { return }
        let rest = categories.dropFirst()
        if rest.isEmpty { return writer.empty("itunes:category", ["text": name]) }
        writer.element("itunes:category", ["text": name]) { write(rest, to: &$0) }
    }

    private func write(_ item: Publication, to writer: inout XMLWriter) {
        let track = track(of: item)
        if let title = title(of: item) { writer.element("title", text: title) }
        writer.element("link", text: addresses.post(item.post))
        if item.text.isShown { writer.element("description", text: HTML.text(item.text)) }
        if let track {
            writer.empty(
                "enclosure",
                [
                    "url": addresses.medium(track.audio), "length": "\(track.audio.size)",
                    "type": MediaType.named(track.audio.fileExtension),
                ])
        }
        writer.element("guid", ["isPermaLink": "false"], text: item.post.hex)
        writer.element("pubDate", text: FeedTime.rfc822(item.time))
        if let author = track?.artist.shown ?? item.author.shown {
            writer.element("itunes:author", text: author)
        }
        if let seconds = FeedTime.seconds(track?.milliseconds) {
            writer.element("itunes:duration", text: "\(seconds)")
        }
        if let image = image(of: item) { writer.empty("itunes:image", ["href": image]) }
        writer.element("itunes:explicit", text: settings.isExplicit ? "true" : "false")
    }

    /// The title of a post; podcasts need one, and so does whatever says nothing.
    private func title(of item: Publication) -> String? {
        if let title = item.title.shown { return title }
        if let track = track(of: item) { return track.line ?? settings.title }
        return item.text.isShown ? nil : settings.title
    }
}

/// What readers take the text of a post for.
private enum HTML {
    /// Plain text as HTML, its lines kept.
    static func text(_ plain: String) -> String {
        var result: [UInt8] = []
        var last: UInt8 = 0
        for byte in plain.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\r"): result += "<br>\n".utf8
            case UInt8(ascii: "\n"): if last != UInt8(ascii: "\r") { result += "<br>\n".utf8 }
            default: result.append(byte)
            }
            last = byte
        }
        return String(decoding: result, as: UTF8.self)
    }
}

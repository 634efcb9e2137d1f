import Catalog
import Offbeat

/// How posts look to people.
enum PostPage {
    /// One line a post.
    static func table(_ posts: [PostSummary]) -> Table {
        var table = Table([
            .whole("ID"), .whole("STATE"), .text("TITLE"), .text("WORKSPACE"), .whole("BY"), .whole("AT"),
        ])
        for found in posts {
            table.add([
                Line(short(found), .faint), Line(found.state.rawValue, .bold), Line(caption(of: found)),
                Line(found.workspace.slug?.text ?? ""), Line(found.author ?? ""), Line(time(of: found) ?? ""),
            ])
        }
        return table
    }

    /// A post and what it is about, in a sentence.
    static func name(_ found: PostSummary) -> Line { "\(short(found), .faint) \(caption(of: found), .bold)" }

    /// A post, whole.
    static func show(_ found: PostSummary, on page: inout Page) {
        let post = found.post
        page.line("\(caption(of: found), .bold)")
        let fields: [(String, String?)] = [
            ("id", post.id.hex), ("state", found.state.rawValue), ("workspace", found.workspace.slug?.text),
            ("author", found.author), ("track", track(of: found)), ("image", image(of: found)),
            ("platforms", post.platforms.isEmpty ? nil : post.platforms.joined(separator: ", ")),
            ("goes out", time(of: found)), ("written", post.created.time.description),
            ("modified", post.modified.time.description),
        ]
        page.fields(fields.compactMap { name, value in value.map { (name, Line($0)) } })
        for link in post.links.entries { page.line("out on \(link.key): \(link.value.asString ?? "")") }
        if !post.body.isEmpty {
            page.line()
            page.paragraph(post.body, indent: 2)
            page.line()
        }
        for decision in found.decisions {
            let held = decision.isValid ? "" : " (holds no more)"
            let when = String(decision.decision.at.time.description.prefix(16))
            let place = decision.decision.target.map { target in
                " (\(target)\(decision.decision.attempt.map { $0 > 1 ? ", attempt \($0)" : "" } ?? ""))"
            }
            page.line(
                "\(when, .faint) \(decision.by) \(decision.decision.kind.rawValue)\(place ?? "")\(held)")
            if let note = decision.decision.note { page.paragraph(note, indent: 2) }
        }
    }

    private static func short(_ found: PostSummary) -> String { String(found.post.id.hex.prefix(8)) }

    /// The title, else how the text begins.
    private static func caption(of found: PostSummary) -> String {
        if let title = found.post.title { return title }
        let line = found.post.body.split(separator: "\n").first ?? ""
        return line.count > 40 ? "\(line.prefix(39))…" : String(line)
    }

    private static func track(of found: PostSummary) -> String? {
        found.post.track.map { id in
            "\(id.hex.prefix(8)) \(found.hasTrack ? found.trackTitle ?? "" : "(not here for you to see)")"
        }
    }

    private static func image(of found: PostSummary) -> String? {
        found.imageFacts.map { "\($0.format), \(Quantity.size($0.size))" }
    }

    /// The time on the clock of its zone.
    private static func time(of found: PostSummary) -> String? {
        found.post.schedule.map { schedule in
            let zone = schedule.zone ?? found.workspace.zone ?? ""
            return "\(schedule.local.description.prefix(16)) \(zone)"
        }
    }
}

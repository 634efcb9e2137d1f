import Catalog
import Offbeat

/// How tracks look to people.
enum TrackPage {
    /// One line a track: enough to know it and to name it.
    static func table(_ tracks: [TrackSummary]) -> Table {
        var table = Table([
            .whole("ID"), .text("TITLE"), .text("ARTIST"), .number("LENGTH"),
            .number("BPM"), .whole("KEY"), .text("TAGS"), .whole(""),
        ])
        for track in tracks {
            table.add([
                Line(short(track), .faint), Line(track.track.title ?? "", .bold), Line(track.track.artist ?? ""),
                Line(track.durationMs.map(Quantity.duration(milliseconds:)) ?? ""),
                Line(track.bpm.map(number) ?? ""), Line(track.key ?? ""),
                Line(track.track.tags.joined(separator: " ")), Line(track.isHere ? "" : "not here", .faint),
            ])
        }
        return table
    }

    /// The digits of an id that people see; eight tell a hundred thousand tracks apart nearly always.
    static func short(_ track: TrackSummary) -> String { String(track.id.description.prefix(8)) }

    /// A track and its title, in a sentence.
    static func name(_ track: TrackSummary) -> Line {
        "\(short(track), .faint) \(track.track.title ?? "", .bold)"
    }

    /// A track, whole.
    static func show(_ track: TrackSummary, on page: inout Page) {
        page.line("\(track.track.title ?? "", .bold)")
        page.fields(fields(of: track).compactMap { name, value in value.map { (name, Line($0)) } })
        if !track.track.markers.isEmpty { page.line("markers") }
        for marker in track.track.markers {
            page.line("  \(position(of: marker, in: track))  \(marker.text)")
        }
        for stem in track.stemTypes { page.line("stem \(stem)") }
    }

    private static func fields(of summary: TrackSummary) -> [(String, String?)] {
        let track = summary.track
        return [
            ("id", summary.id.description), ("artist", track.artist), ("album", track.album),
            ("genre", track.genre),
            ("year", track.year.map(String.init)), ("track", track.trackNumber.map(String.init)),
            ("bpm", summary.bpm.map(number)), ("key", summary.key), ("rating", track.rating.map(String.init)),
            ("comment", track.comment), ("tags", track.tags.isEmpty ? nil : track.tags.joined(separator: ", ")),
            ("owner", summary.owner), ("audio", audio(of: summary)), ("here", summary.isHere ? "yes" : "no"),
            ("added", track.created.time.description), ("modified", track.modified.time.description),
        ]
    }

    private static func audio(of summary: TrackSummary) -> String? {
        guard let size = summary.audioSize else { return nil }
        var parts = [summary.track.audio.name, Quantity.size(size)]
        if let facts = summary.facts {
            parts += [
                summary.durationMs.map(Quantity.duration(milliseconds:)), facts.format, "\(facts.sampleRate) Hz",
                Quantity.count(Int64(facts.channels), "channel"), facts.bits.map { "\($0) bits" },
            ]
        }
        return parts.compactMap { $0 }.joined(separator: ", ")
    }

    /// Where a marker stands: as a time if the rate is known, else as a frame.
    private static func position(of marker: Track.Marker, in track: TrackSummary) -> String {
        guard let rate = track.facts?.sampleRate, rate > 0 else { return "frame \(marker.frame)" }
        return Quantity.duration(milliseconds: marker.frame * 1000 / Int64(rate))
    }

    /// A number without a fraction that is none.
    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}

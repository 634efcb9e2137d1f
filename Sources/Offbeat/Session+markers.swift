import Catalog
import Store

/// A place in a track, as a person says it: a time or a frame.
public enum MarkerPosition: Sendable, Equatable {
    /// Seconds from the beginning.
    case seconds(Double)
    /// Frames from the beginning.
    case frame(Int64)

    /// Reads `1:02.5`, `1:00:00`, `62.5` or `2755000f`.
    public init(parsing text: String) throws(Failure) {
        if text.hasSuffix("f"), let frame = Int64(text.dropLast()), frame >= 0 {
            self = .frame(frame)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var seconds = 0.0
        for (index, part) in parts.enumerated() {
            let isPlain = part.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            guard parts.count <= 3, isPlain, let number = Double(part), index == 0 || number < 60 else {
                throw Failure(
                    .usage, "\(text) is no time", hint: "write 1:02.5, 62.5 (seconds) or 2755000f (frames)")
            }
            seconds = seconds * 60 + number
        }
        self = .seconds(seconds)
    }

    /// The frame at this place of a track.
    func frame(in folder: TrackFolder) throws(Failure) -> Int64 {
        let facts = folder.facts
        let frame: Int64
        switch self {
        case .frame(let number): frame = number
        case .seconds(let seconds):
            guard let rate = facts?.sampleRate, rate > 0 else {
                throw Failure(
                    .wrongState, "the sample rate of track \(folder.id) is not known",
                    hint: "say the frame, as 2755000f")
            }
            let product = (seconds * Double(rate)).rounded()
            frame = product < 9e15 ? Int64(product) : Int64.max
        }
        if let frames = facts?.frames, frame > frames {
            throw Failure(.usage, "that place is behind the end of the track", hint: "it has \(frames) frames")
        }
        return frame
    }
}

extension Session {
    /// Marks a place in a track.
    public func addMarker(to name: String, at position: MarkerPosition, text: String) throws(Failure) -> EditOutcome
    {
        try change(subject: "Mark a place in") { view, draft in
            let folder = try self.find(name, in: view)
            var track = folder.track
            let id: MarkerID = draft.newID()
            var values: JSONObject = ["frame": .integer(try position.frame(in: folder)), "text": .string(text)]
            values["by"] = self.person.map { .string($0.id.hex) }
            try track.add(id.hex, to: "markers", at: draft.stamp(), with: values)
            try draft.put(track)
            return [folder.with(track)]
        }
    }

    /// Takes away the one marker that a word names: its text, its time, or digits of its id.
    public func removeMarker(from name: String, named word: String) throws(Failure) -> EditOutcome {
        try change(subject: "Remove a mark from") { view, draft in
            let folder = try self.find(name, in: view)
            let marker = try Self.marker(word, of: folder)
            var track = folder.track
            let at = draft.stamp(after: track.stamp(of: marker.id.hex, in: "markers"))
            try track.remove(marker.id.hex, from: "markers", at: at)
            try draft.put(track)
            return [folder.with(track)]
        }
    }

    private static func marker(_ word: String, of folder: TrackFolder) throws -> Track.Marker {
        let frame = try? MarkerPosition(parsing: word).frame(in: folder)
        let all = folder.track.markers
        let candidates = [
            all.filter { word.utf8.count >= 4 && $0.id.description.hasPrefix(word) },
            all.filter { $0.text.utf8.elementsEqual(word.utf8) }, all.filter { $0.frame == frame },
        ]
        guard let found = candidates.first(where: { !$0.isEmpty }) else {
            throw Failure(
                .notFound, "track \(folder.id) has no marker \(word)", hint: "`offbeat show` lists its markers")
        }
        guard found.count == 1 else {
            throw Failure(
                .ambiguous, "\(word) names \(found.count) markers of track \(folder.id)",
                hint: "name one by id: " + found.map { String($0.id.description.prefix(8)) }.joined(separator: ", ")
            )
        }
        return found[0]
    }
}

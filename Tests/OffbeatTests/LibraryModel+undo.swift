import Catalog

/// Undo and restore, as the model does them: place by place, by who decided last.
extension LibraryModel {
    /// What became of an undo.
    enum Undoing { case done, refused, nothing }

    /// Takes back the last operation of a person that is not taken back yet.
    mutating func undo(by person: String, acting handle: String) -> Undoing {
        for index in versions.indices.dropFirst().reversed() {
            guard versions[index].by == person, !versions[index].isUndone else { continue }
            let (before, after) = (versions[index - 1].state, versions[index].state)
            var (isDone, isKept) = (false, false)
            for id in Set(before.tracks.keys).union(after.tracks.keys).sorted()
            where before.tracks[id]?.revision != after.tracks[id]?.revision {
                let (done, kept) = takeBack(before.tracks[id], after.tracks[id], id)
                (isDone, isKept) = (isDone || done, isKept || kept)
            }
            for (added, _) in after.people where before.people[added] == nil {
                let isThere = state.people[added] == after.people[added] && added != handle
                if isThere { state.people[added] = nil }
                (isDone, isKept) = (isDone || isThere, isKept || !isThere)
            }
            if isDone { versions[index].isUndone = true }
            if isDone || isKept { return isDone ? .done : .refused }
        }
        return .nothing
    }

    private mutating func takeBack(
        _ before: TrackModel?, _ after: TrackModel?, _ id: String
    ) -> (isDone: Bool, isKept: Bool) {
        switch (before, after, state.tracks[id]) {
        case (nil, let after?, let now?) where now.isDecided(as: after):
            state.tracks[id] = nil
            return (true, false)
        case (var before?, nil, nil):
            before.revision = nextRevision()
            state.tracks[id] = before
            return (true, false)
        case (let before?, let after?, let now?): return takeBack(before, after, now, id)
        default: return (false, true)
        }
    }

    private mutating func takeBack(
        _ before: TrackModel, _ after: TrackModel, _ now: TrackModel, _ id: String
    ) -> (isDone: Bool, isKept: Bool) {
        let places = before.places.union(after.places).filter { before.value(at: $0) != after.value(at: $0) }
        let free = places.filter { now.isDecided(as: after, at: $0) }
        if free.isEmpty { return (false, !places.isEmpty) }
        var track = now
        for place in free {
            track.take(place, from: before)
            track.deciders[place] = before.decider(of: place)
        }
        track.revision = nextRevision()
        state.tracks[id] = track
        return (true, free.count < places.count)
    }

    /// Makes a track what it was at a version; answers whether that changes anything.
    mutating func restore(_ id: String, at version: Int) -> Bool {
        guard var old = versions[version].state.tracks[id] else { return false }
        guard var track = state.tracks[id] else {
            for place in old.places where old.value(at: place) != nil { old.deciders[place] = operation }
            old.revision = nextRevision()
            state.tracks[id] = old
            return true
        }
        let places = old.places.union(track.places).filter { old.value(at: $0) != track.value(at: $0) }
        if places.isEmpty { return false }
        for place in places {
            track.take(place, from: old)
            track.deciders[place] = operation
        }
        track.revision = nextRevision()
        state.tracks[id] = track
        return true
    }
}

extension LibraryModel.TrackModel {
    /// All places that have a value, or that somebody decided.
    var places: Set<String> {
        Set(fields.keys).union(deciders.keys).union(tags.map { "tag \($0)" })
            .union(markers.map { "marker \($0.text)" }).union(["audio", "owner"])
    }

    func decider(of place: String) -> Int { deciders[place] ?? born }

    func value(at place: String) -> JSON? {
        if place == "audio" { return .string("\(sound)") }
        if place == "owner" { return .string(owner) }
        if place.hasPrefix("tag ") { return tags.contains(String(place.dropFirst(4))) ? true : nil }
        guard place.hasPrefix("marker ") else { return fields[place] }
        return markers.first { $0.text == place.dropFirst(7) }.map { .integer($0.frame) }
    }

    mutating func take(_ place: String, from other: Self) {
        if place == "audio" {
            sound = other.sound
        } else if place == "owner" {
            owner = other.owner
        } else if place.hasPrefix("tag ") {
            let tag = String(place.dropFirst(4))
            if other.tags.contains(tag) { tags.insert(tag) } else { tags.remove(tag) }
        } else if place.hasPrefix("marker ") {
            markers.removeAll { $0.text == place.dropFirst(7) }
            markers += other.markers.filter { $0.text == place.dropFirst(7) }
        } else {
            fields[place] = other.fields[place]
        }
    }

    func isDecided(as other: Self, at place: String) -> Bool {
        value(at: place) == other.value(at: place) && decider(of: place) == other.decider(of: place)
    }

    func isDecided(as other: Self) -> Bool {
        born == other.born && places.union(other.places).allSatisfy { isDecided(as: other, at: $0) }
    }
}

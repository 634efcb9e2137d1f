import Catalog
import Files
import Offbeat
import Store
import TestSupport

/// Something that anybody may do in a library, chosen by chance: the same for the same chance and the same library.
struct GuestDeed {
    let sounds: FilePath
    var chance: SeededRandom

    /// Does one, and tells what came of it.
    mutating func act(in session: Session) throws -> String {
        do { return try attempt(session) } catch let failure as Failure { return failure.code.rawValue }
    }

    private mutating func attempt(_ session: Session) throws -> String {
        let ids = try session.list(ListRequest()).tracks.map(\.id.hex).sorted()
        let deed = Int.random(in: 0..<100, using: &chance)
        guard let id = ids.randomElement(using: &chance), deed > 14 else { return try add(session) }
        switch deed {
        case 15..<45:
            let field = ["title", "artist", "comment", "bpm", "rating"].randomElement(using: &chance) ?? "title"
            let number = Int.random(in: 1...4, using: &chance)
            return try edit("\(field)=\(number)", of: id, session)
        case 45..<55:
            let sign = Bool.random(using: &chance) ? "+" : "-"
            return try edit("\(sign)tag\(Int.random(in: 0..<3, using: &chance))", of: id, session)
        case 55..<62: return "remove \(try session.remove([id]).tracks.map(\.id))"
        case 62..<68:
            return "replace \(try session.replace(id, with: sound()).tracks.map(\.id))"
        case 68..<74:
            let text = "mark \(Int.random(in: 0..<9, using: &chance))"
            return "mark \(try session.addMarker(to: id, at: .frame(2), text: text).tracks.count)"
        case 74..<80:
            let type = ["drums", "vocals"].randomElement(using: &chance) ?? "drums"
            return "stem \(try session.addStem(type, to: id, from: sound()).track.id)"
        case 80..<84: return "unstem \(try session.removeStem("drums", of: id).track.id)"
        case 84..<90: return "undo \(try session.undo().undone.subject)"
        default: return try write(session)
        }
    }

    private mutating func add(_ session: Session) throws -> String {
        "add \(try session.add(AddRequest(paths: [sound()])).added.map(\.id))"
    }

    private func edit(_ change: String, of id: String, _ session: Session) throws -> String {
        let request = EditRequest(.one(id), changes: [try TrackChange(parsing: change)])
        return "edit \(try session.edit(request).tracks.map(\.id)) \(change)"
    }

    private mutating func write(_ session: Session) throws -> String {
        let text = "Text \(Int.random(in: 0..<5, using: &chance))"
        let posts = try session.posts(PostListRequest()).posts.map(\.post.id.hex).sorted()
        guard let post = posts.randomElement(using: &chance), Bool.random(using: &chance) else {
            return "post \(try session.newPost(PostRequest(in: "band", text: text)).post.post.id)"
        }
        return "text \(try session.editPost(post, [PostChange(parsing: "text=\(text)")]).post.state)"
    }

    private mutating func sound() throws -> FilePath {
        let number = UInt64.random(in: 1...40, using: &chance)
        let path = sounds.appending("sound \(number).wav")
        if !FileSystem.exists(path) { try FileSystem.write(noise(seed: number, frames: 40), to: path) }
        return path
    }
}

import Blobs
import Catalog
import Store
public import Files

/// One change of what a post says and shows.
public enum PostChange: Sendable, Hashable {
    /// Its title; nil to take it away.
    case title(String?)
    /// Its text.
    case text(String)
    /// The track that it is about; nil for none.
    case track(String?)
    /// The platforms that it is for: these, and no others.
    case platforms([String])
    /// Its image; nil to take it away.
    case image(FilePath?)
    /// Its image, which comes in no file.
    case imageBytes([UInt8])

    /// The fields, as a person writes them.
    static let fields = ["title", "text", "track", "platforms", "image"]

    /// Reads `field=value`; an empty value clears the field.
    public init(parsing text: String) throws(Failure) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw Failure(.usage, "\(text) is no change", hint: "write field=value, for example title=News")
        }
        let value = String(text[text.utf8.index(after: equals)...])
        switch text[..<equals] {
        case "title": self = .title(value.isEmpty ? nil : value)
        case "text": self = .text(value)
        case "track": self = .track(value.isEmpty ? nil : value)
        case "platforms":
            self = .platforms(
                value.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init).filter { !$0.isEmpty })
        case "image": self = .image(value.isEmpty ? nil : FilePath(value))
        case let field:
            throw Failure(
                .usage, "a post has no field \(field) that can be edited",
                hint:
                    "there are: \(Self.fields.joined(separator: ", ")); the time is set by `offbeat post schedule`")
        }
    }
}

extension Session {
    /// Applies changes to a post; the image that one of them names was taken in before.
    func apply(
        _ changes: [PostChange], to folder: PostFolder, image taken: PostFolder.ImageFile?, in view: View,
        _ draft: Draft
    ) throws -> PostFolder {
        var post = folder.post
        var image = folder.image
        for change in changes {
            switch change {
            case .title(let title):
                try post.set("title", to: title.map(JSON.string), at: draft.stamp(after: post.stamp(of: "title")))
            case .text(let text):
                try post.set("text", to: .string(text), at: draft.stamp(after: post.stamp(of: "text")))
            case .track(let name):
                let track = try name.map { try find($0, in: view).id }
                try post.set(
                    "track", to: track.map { .string($0.hex) }, at: draft.stamp(after: post.stamp(of: "track")))
            case .platforms(let names): try set(names, asPlatformsOf: &post, draft)
            case .image, .imageBytes:
                image = change == .image(nil) ? nil : taken
                try post.setImage(image?.pointer.oid, at: draft.stamp(after: post.stamp(of: "image")))
            }
        }
        return PostFolder(workspace: folder.workspace, post: post, image: image)
    }

    private func set(_ names: [String], asPlatformsOf post: inout Post, _ draft: Draft) throws {
        for name in post.platforms where !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            try post.remove(name, from: "platforms", at: draft.stamp(after: post.stamp(of: name, in: "platforms")))
        }
        for name in names {
            try post.add(name, to: "platforms", at: draft.stamp(after: post.stamp(of: name, in: "platforms")))
        }
    }
}

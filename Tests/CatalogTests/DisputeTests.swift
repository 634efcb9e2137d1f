import Catalog
import Testing

private let replica = ReplicaID(truncating: 7)

private func stamp(_ tick: UInt64) -> Stamp { Stamp(milliseconds: 1_800_000_000_000 + tick, replica: replica) }

/// A post whose fields lost these values, in the order of time.
private func post(_ lost: (field: String, value: JSON)...) throws -> Post {
    let id = try #require(PostID(String(repeating: "a", count: 32)))
    let author = try #require(PersonID(String(repeating: "b", count: 32)))
    var fields = Post(id: id, author: author, text: "text", created: stamp(0)).fields
    fields["links"] = ["one": "current", "two": "current"]
    var conflicts = JSONObject()
    for (number, (field, value)) in lost.enumerated() {
        let at = stamp(UInt64(number + 1))
        let key = Conflict.Key(field: field, stamp: at, value: value)
        conflicts[key.description] = ["at": .string(at.description), "value": value]
    }
    fields["conflicts"] = .object(conflicts)
    return try Post(fields: fields)
}

@Test func disputesAreGroupedByFieldTheEarliestFirst() throws {
    let post = try post(("title", "z"), ("text", "y"), ("title", "a"), ("platforms.x", ["handle": "h"]))
    let disputes = post.disputes
    #expect(disputes.map(\.field) == ["platforms.x", "text", "title"])
    #expect(disputes.map(\.current) == [nil, "text", nil])
    #expect(disputes.map { $0.others.map(\.value) } == [[["handle": "h"]], ["y"], ["z", "a"]])
}

@Test func aLinkThatLostLeavesTheOthers() throws {
    var post = try post(("links", ["one": "lost"]))
    let dispute = try #require(post.disputes.first)
    try post.take(lost: dispute.others[0].value, in: "links") { _ in stamp(9) }
    post.settle(dispute, at: stamp(9))
    #expect(post.links == ["one": "lost", "two": "current"] && post.disputes.isEmpty)
    #expect(post.stamp(of: "links") == stamp(9))
}

@Test func anElementThatLostStandsAnew() throws {
    var post = try post(("platforms.x", ["handle": "h"]))
    try post.take(lost: ["handle": "h"], in: "platforms.x") { _ in stamp(9) }
    #expect(post.fields["platforms"] == ["x": ["at": .string(stamp(9).description), "handle": "h"]])
    try post.take(lost: nil, in: "platforms.x") { _ in stamp(10) }
    #expect(post.platforms.isEmpty && post.stamp(of: "x", in: "platforms") == stamp(10))
}

@Test func aValueIsReadAsItsFieldIsWritten() throws {
    #expect(try Workspace.value(of: "selfApproval", from: "true") == true)
    #expect(try Person.value(of: "name", from: "7") == "7")
    #expect(try Person.value(of: "name", from: "") == nil)
    for (field, text) in [("selfApproval", "perhaps"), ("members", "x"), ("nothing", "x")] {
        #expect(throws: CatalogError.self) { _ = try Workspace.value(of: field, from: text) }
    }
}

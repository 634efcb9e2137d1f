import Cache
import Catalog
import Store
import TestSupport
import Testing

@testable import Offbeat

/// What the index answers about posts is what reading them all gives.
@Suite struct PostListTests {
    @Test(arguments: [Sharing.everyone, .workspaces])
    func listsFromTheIndexAreThoseWithoutIt(_ sharing: Sharing) throws {
        try withPlace(sharing: sharing, people: Place.cast) { place in
            var town = Town(place)
            try town.found()
            for _ in 0..<50 {
                try town.change()
                try town.compare()
            }
        }
    }

    @Test func aListGoesOnWhereItEnded() throws {
        try withBand { place in
            for number in 0..<11 { _ = try place.newPost("\(number)") }
            var request = PostListRequest()
            request.limit = 4
            var found: [String] = []
            repeat {
                let page = try place.session("vera").posts(request)
                #expect(page.total == 11)
                found += page.posts.map(\.post.body)
                request.cursor = page.next
            } while request.cursor != nil
            #expect(found == (0..<11).reversed().map(String.init))
        }
    }

    @Test func itSaysHowItCameAbout() throws {
        try withBand { place in
            let post = try place.newPost("a")
            func freshness() throws -> Index.Freshness {
                try place.session("vera").posts(PostListRequest()).freshness
            }
            _ = try place.session("vera").posts(PostListRequest())
            #expect(try freshness() == .hit)
            _ = try place.editPost(post, "title=News")
            #expect(try freshness() == .refreshed && freshness() == .hit)
            try place.library.settings.set(.cacheEnabled, to: "false")
            #expect(try freshness() == .built)
        }
    }

    @Test func ofAStrangersWorkspaceNothingIsKeptOrTold() throws {
        try withBand { place in
            _ = try place.newPost("secret")
            _ = try place.session("ana").posts(PostListRequest())
            let stranger = try place.session("zoe")
            #expect(try stranger.posts(PostListRequest()).total == 0)
            #expect(try stranger.cached().isEmpty)
            #expect(try stranger.cacheReport().counts.views.keys.allSatisfy { $0 == .picker })
            #expect(throws: Failure.self) { try stranger.explain("history:band") }
            #expect(throws: Failure.self) { try stranger.invalidate(.named("history:band")) }
            #expect(throws: Failure.self) { try stranger.invalidate(.workspace("band")) }
            #expect(try place.session("ana").cached().map(\.view) == [.history("band")])
            _ = try place.session("ana").removeMember("vera", from: "band")
            #expect(try place.session("vera").posts(PostListRequest()).total == 0)
        }
    }
}

/// Workspaces whose people do something by chance.
private struct Town {
    private static let titles = ["News", "news", "Café", "cafe\u{301}", "sun", "Ｗ", "ß", "0a1b", "x"]
    private static let slugs = ["band", "label", "radio"]

    private let place: Place
    private var chance = SeededRandom()

    init(_ place: Place) { self.place = place }

    mutating func found() throws {
        for slug in Self.slugs {
            _ = try place.session("ana").addWorkspace(WorkspaceRequest(slug: try #require(Slug(slug))))
            for name in Place.cast.dropFirst() where Bool.random(using: &chance) {
                _ = try place.session("ana").addMember(name, to: slug, as: any(Role.allCases))
            }
        }
        for number in 0..<4 { try place.add("\(number).wav", frequency: 200 + Double(number), as: any(Place.cast)) }
        for _ in 0..<8 { try write() }
    }

    private mutating func any<Value>(_ values: [Value]) throws -> Value {
        guard let value = values.randomElement(using: &chance) else { throw NothingLeft() }
        return value
    }

    private struct NothingLeft: Error {}

    private var posts: [(workspace: WorkspaceID, id: PostID)] {
        get throws {
            let snapshot = try place.store.snapshot()
            return try snapshot.workspaces().flatMap { workspace in
                try snapshot.postFolders(of: workspace.id).map { (workspace.id, $0.id) }
            }
        }
    }

    // MARK: What they do

    /// Does something, or is refused it.
    mutating func change() throws {
        place.clock.pass(seconds: UInt64.random(in: 0...40, using: &chance))
        do {
            switch Int.random(in: 0..<14, using: &chance) {
            case 0, 1: try write()
            case 2, 3: try edit()
            case 4...7: try decide()
            case 8:
                _ = try session().edit(
                    EditRequest(.one(track()), changes: [.init(parsing: "title=\(any(Self.titles))")]))
            case 9: _ = try session().edit(EditRequest(.one(track()), changes: [.init(parsing: "rating=3")]))
            case 10: try work()
            case 11: try welcome()
            case 12: _ = try session().undo()
            default: try lose()
            }
        } catch is Failure {} catch is NothingLeft {}
    }

    private mutating func session() throws -> Session { try place.session(any(Place.cast)) }

    private mutating func track() throws -> String { try any(place.store.snapshot().trackFolders()).id.hex }

    private mutating func write() throws {
        var request = PostRequest(in: try any(Self.slugs), text: "\(try any(Self.titles))")
        if Bool.random(using: &chance) { request.title = try any(Self.titles) }
        if Bool.random(using: &chance) { request.track = try track() }
        if Bool.random(using: &chance) { request.time = "2099-07-01T09:00" }
        request.isSubmitted = Bool.random(using: &chance)
        do { _ = try session().newPost(request) } catch is Failure {}
    }

    private mutating func edit() throws {
        let change = try any(["title=\(any(Self.titles))", "text=other", "title=", "track=\(track())", "track="])
        _ = try session().editPost(try any(posts).id.hex, [PostChange(parsing: change)])
    }

    private mutating func decide() throws {
        let id = try any(posts).id.hex
        _ = try session().decide(any([.submit, .approve, .approve, .reject, .requestChanges]), on: id)
    }

    private mutating func work() throws {
        let change = try any(["approval=none", "approval=required", "selfApproval=true", "selfApproval=false"])
        _ = try place.session("ana").editWorkspace(any(Self.slugs), [WorkspaceChange(parsing: change)])
    }

    private mutating func welcome() throws {
        let (name, slug) = (try any(Place.cast), try any(Self.slugs))
        if Bool.random(using: &chance) {
            _ = try session().removeMember(name, from: slug)
        } else {
            _ = try place.session("ana").addMember(name, to: slug, as: any(Role.allCases))
        }
    }

    /// Removes something, or damages it so that it cannot be read.
    private mutating func lose() throws {
        let (workspace, id) = try any(posts)
        let path = RecordPath.post(workspace, id).text
        switch Int.random(in: 0..<5, using: &chance) {
        case 0: _ = try session().removePost(id.hex)
        case 1: _ = try session().remove([try track()])
        case 2: try place.commitPlainly([path: Array("{".utf8)])
        case 3: try place.commitPlainly([:], removing: [RecordFolder.post(workspace, id).path])
        default:
            let track = RecordPath.track(try any(place.store.snapshot().trackFolders()).id).text
            try place.commitPlainly([track: Array("{".utf8)])
        }
    }

    // MARK: What they see

    mutating func compare() throws {
        for name in Place.cast {
            let session = try place.session(name)
            var request = PostListRequest()
            if Bool.random(using: &chance) { request.state = try any(PostState.allCases) }
            request.onlyAwaited = Int.random(in: 0..<3, using: &chance) == 0
            if Bool.random(using: &chance) { request.limit = Int.random(in: 0...5, using: &chance) }
            if Bool.random(using: &chance) { request.workspace = try any(Self.slugs) }
            try compare(request, session, name)
            let word = try any(Self.titles + posts.map { String($0.id.hex.prefix(4)) } + posts.map(\.id.hex))
            let view = try session.view()
            let slow = Result { try session.postsWithoutIndex(named: word, in: view).map(\.post.id) }
            let fast = Result { try session.posts(named: word, in: view).map(\.post.id) }
            #expect(Self.told(fast) == Self.told(slow), "\(word) for \(name); \(chance)")
        }
    }

    private mutating func compare(_ request: PostListRequest, _ session: Session, _ name: String) throws {
        var request = request
        for _ in 0..<3 {
            let what = "\(request) of \(name); \(chance)"
            let slow = Result { try session.postsWithoutIndex(request) }
            let fast = Result { try session.posts(request) }
            #expect(Self.told(fast.map(Self.told)) == Self.told(slow.map(Self.told)), "\(what)")
            guard case .success(let list) = slow, let next = list.next else { return }
            request.cursor = next
        }
    }

    private static func told(_ list: PostList) -> [String] {
        ["\(list.total)", list.next ?? ""] + list.posts.map { "\($0.json)" } + list.unreadable.map { "\($0)" }
    }

    private static func told<Value>(_ result: Result<Value, any Error>) -> String {
        switch result {
        case .success(let value): "\(value)"
        case .failure(let error): Failure(error).message
        }
    }
}

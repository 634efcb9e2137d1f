import Offbeat
import Synchronization

/// Lists that were asked for last, as the bytes that were sent: one that did not change is neither made nor written again.
final class ListShelf: Sendable {
    /// What makes one list another.
    struct Key: Hashable {
        let library: ObjectIdentifier
        /// For whom it was made; nil for the library's own choice, which is a setting.
        let handle: String?
        /// What was asked for.
        let question: String
    }

    /// A list as it was made.
    struct Page: Sendable {
        /// What names it, for `ETag`.
        let tag: String
        /// The document, from behind what tells of its version and how it came.
        let rest: [UInt8]
    }

    private struct Item {
        let page: Page
        /// Where the library stood when the page was last known to be right.
        var mark: LibraryMark
        var lastUse: UInt64
    }

    private struct State {
        var items: [Key: Item] = [:]
        var size = 0
        var clock: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: how many bytes all of them may take.
    init(limit: Int = 16 << 20) { self.limit = limit }

    /// The page, if nothing at all has changed since it was known to be right.
    func page(_ key: Key, at mark: LibraryMark) -> Page? {
        state.withLock { state in
            guard let item = state.items[key], item.mark == mark else { return nil }
            state.clock += 1
            state.items[key]?.lastUse = state.clock
            return item.page
        }
    }

    /// The page, if it is still the one of that tag; it is known to be right at that mark then.
    func page(_ key: Key, tagged tag: String, at mark: LibraryMark) -> Page? {
        state.withLock { state in
            guard let item = state.items[key], item.page.tag == tag else { return nil }
            state.clock += 1
            state.items[key]?.lastUse = state.clock
            state.items[key]?.mark = mark
            return item.page
        }
    }

    /// Keeps a page; those that nobody asked for the longest go where there are too many.
    func keep(_ page: Page, as key: Key, at mark: LibraryMark) {
        state.withLock { state in
            Self.remove(key, from: &state)
            guard Self.weight(key, page) <= limit / 4 else { return }
            state.clock += 1
            state.items[key] = Item(page: page, mark: mark, lastUse: state.clock)
            state.size += Self.weight(key, page)
            while state.size > limit,
                let oldest = state.items.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                Self.remove(oldest, from: &state)
            }
        }
    }

    /// How many bytes are kept.
    var size: Int { state.withLock { $0.size } }

    private static func remove(_ key: Key, from state: inout State) {
        guard let item = state.items.removeValue(forKey: key) else { return }
        state.size -= weight(key, item.page)
    }

    private static func weight(_ key: Key, _ page: Page) -> Int {
        page.rest.count + 2 * key.question.utf8.count + 512
    }
}

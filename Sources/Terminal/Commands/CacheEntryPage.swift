import Cache
import Catalog
import Offbeat
import Store

/// What is told of an entry of `cache ls`.
enum CacheEntryPage {
    static func line(_ entry: CacheEntry) -> Line {
        let name = entry.view?.description ?? String(entry.id?.description.prefix(8) ?? "")
        let what = entry.stem.map { " \($0), \(entry.analyzer?.description ?? "")" } ?? ""
        let used = entry.use.map { ", last asked for \(Timestamp(milliseconds: $0.lastUse))" } ?? ""
        return "\(name, .bold)\(what): \(Quantity.size(entry.size)), \(entry.reason ?? "ready")\(used)"
    }
}

/// What is told of `cache explain`.
struct CacheConditionPage {
    private let view: CacheView
    private let condition: IndexCondition

    init(_ view: CacheView, _ condition: IndexCondition) { (self.view, self.condition) = (view, condition) }

    var document: JSON {
        [
            "view": .string(view.description), "valid": .bool(condition.isValid),
            "reason": condition.reason.map(JSON.string) ?? .null, "stamp": Self.name(condition.stamp),
            "head": .string(condition.head.description), "version": Self.name(condition.version),
            "tracks": .integer(Int64(condition.tracks)), "posts": .integer(Int64(condition.posts)),
            "records": condition.records.map { .array($0.map { .string($0.path) }) } ?? .null,
        ]
    }

    private static func name(_ version: Version?) -> JSON { version.map { .string($0.description) } ?? .null }

    func write(on page: inout Page) {
        let nothing: Line = "none"
        page.fields([
            (view.description, condition.reason.map { Line($0, .warning) } ?? Line("ready", .good)),
            ("stamp", condition.stamp.map { Line($0.short) } ?? nothing), ("head", Line(condition.head.short)),
            ("changed at", condition.version.map { Line($0.short) } ?? nothing),
            view == .picker
                ? ("tracks", Line(Quantity.count(Int64(condition.tracks))))
                : ("posts", Line(Quantity.count(Int64(condition.posts)))),
        ])
        guard let records = condition.records else { return page.line("all rows would be made again") }
        for folder in records { page.line("would be made again: \(folder.path)") }
    }
}

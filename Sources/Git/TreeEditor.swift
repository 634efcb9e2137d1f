/// Applies the sorted steps of a `TreeEdit`, one folder after the other.
struct TreeEditor {
    let steps: [TreeEdit.Step]
    let repository: Repository
    let writer: ObjectWriter

    /// The steps that concern one entry of a folder.
    private struct Group {
        let name: EntryName
        /// Where the name ends in the path of each of the steps.
        let nameEnd: Int
        /// The steps for the entry itself, oldest first.
        let own: Range<Int>
        /// The steps for what is in it.
        let inside: Range<Int>
    }

    func apply(to base: ObjectID?) throws(GitError) -> ObjectID? {
        let rootSteps = steps.prefix { $0.path.isRoot }.count
        guard let last = steps[..<rootSteps].last else {
            return try folder(0..<steps.count, at: 0, base: base, since: -1, depth: 1)
        }
        let inside = rootSteps..<steps.count
        switch last.action {
        case .remove: return try folder(inside, at: 0, base: nil, since: last.order, depth: 1)
        case .put(let mode, let id) where mode.isTree:
            return try folder(inside, at: 0, base: id, since: last.order, depth: 1)
        case .put: throw GitError(.invalid, "the root of a tree cannot be a file", call: "TreeEdit.apply")
        }
    }

    /// Makes a folder anew; nil when nothing is left in it.
    ///
    /// - Parameters:
    ///   - range: the steps within the folder.
    ///   - start: where the names of its entries begin in the paths of those steps.
    ///   - since: steps up to this one have no effect, as the folder was replaced by it.
    private func folder(
        _ range: Range<Int>, at start: Int, base: ObjectID?, since: Int, depth: Int
    ) throws(GitError) -> ObjectID? {
        let old = try base.map { (id) throws(GitError) in try repository.readTree(id) }
        var touched: [(name: EntryName, entry: TreeEntry?)] = []
        var changed = false
        var next = range.lowerBound
        while next < range.upperBound {
            let group = group(from: next, to: range.upperBound, at: start)
            next = group.inside.upperBound
            let existing = old?[group.name]
            let entry = try entry(for: group, existing: existing, since: since, depth: depth)
            guard entry != existing else { continue }
            changed = true
            touched.append((group.name, entry))
        }
        guard changed else { return base }
        let entries = Self.merge(old?.entries ?? [], touched)
        return entries.isEmpty ? nil : try writer.write(Tree(sorted: entries))
    }

    private func entry(
        for group: Group, existing: TreeEntry?, since: Int, depth: Int
    ) throws(GitError) -> TreeEntry? {
        var entry = existing
        var since = since
        if let own = group.own.last, steps[own].order > since {
            since = steps[own].order
            switch steps[own].action {
            case .remove: entry = nil
            case .put(let mode, let id): entry = TreeEntry(mode: mode, name: group.name, id: id)
            }
        }
        guard group.inside.contains(where: { steps[$0].order > since }) else { return entry }
        guard depth < Git.maximumDepth else {
            throw GitError(
                .tooDeep, "a path has more than \(Git.maximumDepth) names", call: "TreeEdit.apply",
                subject: steps[group.inside.lowerBound].path.description)
        }
        let base = entry?.isTree == true ? entry?.id : nil
        let id = try folder(group.inside, at: group.nameEnd + 1, base: base, since: since, depth: depth + 1)
        if let id { return TreeEntry(mode: .tree, name: group.name, id: id) }
        // Nothing is left inside: the folder vanishes, and so does a file that had to give way to one, even if all
        // in it was removed again. A file that merely had nothing removed below it stays.
        let gaveWay = group.inside.contains { steps[$0].order > since && steps[$0].action.isPut }
        return entry?.isTree == true || gaveWay ? nil : entry
    }

    private func group(from first: Int, to end: Int, at start: Int) -> Group {
        let path = steps[first].path.bytes
        let nameEnd = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.count
        let name = path[start..<nameEnd]
        var ownEnd = first
        while ownEnd < end, belongs(ownEnd, name, nameEnd), steps[ownEnd].path.bytes.count == nameEnd {
            ownEnd += 1
        }
        var insideEnd = ownEnd
        while insideEnd < end, belongs(insideEnd, name, nameEnd) { insideEnd += 1 }
        return Group(
            name: EntryName(unchecked: Array(name)), nameEnd: nameEnd, own: first..<ownEnd,
            inside: ownEnd..<insideEnd)
    }

    /// Whether the step's path goes through the entry of that name, given that it goes through the folder.
    private func belongs(_ index: Int, _ name: ArraySlice<UInt8>, _ nameEnd: Int) -> Bool {
        let path = steps[index].path.bytes
        guard path.count >= nameEnd, path[name.startIndex..<nameEnd] == name else { return false }
        return path.count == nameEnd || path[nameEnd] == UInt8(ascii: "/")
    }

    /// The old entries with the touched ones in place of those of the same name, in git's order.
    private static func merge(
        _ old: [TreeEntry], _ touched: [(name: EntryName, entry: TreeEntry?)]
    ) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        entries.reserveCapacity(old.count + touched.count)
        for entry in old where !contains(touched, entry.name) { entries.append(entry) }
        for case (_, let entry?) in touched { entries.append(entry) }
        entries.sort { $0.precedes($1) }
        return entries
    }

    /// The touched names come sorted by bytes, because the steps do.
    private static func contains(
        _ touched: [(name: EntryName, entry: TreeEntry?)], _ name: EntryName
    ) -> Bool {
        var low = 0
        var high = touched.count
        while low < high {
            let middle = (low + high) / 2
            if touched[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low < touched.count && touched[low].name == name
    }
}

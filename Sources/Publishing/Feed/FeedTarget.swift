public import Files

/// Brings posts out as a feed in a folder of this computer.
///
/// A post is out once the folder's documents tell of it; how the folder comes to the web is its owner's affair. To hand
/// a post over again does no harm: a reader knows it by its identifier.
public struct FeedTarget: PublishingTarget {
    /// Tells the posts that are out, each as it went out and with the time at which it did.
    public typealias Items = @Sendable () throws -> [Publication]

    private let folder: FeedFolder
    private let others: Items

    /// Describes a feed in a folder that has to exist, or whose parent has to.
    ///
    /// - Parameter others: tells the posts that are out already. Those that two processes bring out at the same time do
    ///   not know of each other: ``rewrite(_:isStopped:)`` with both, once their results are known, puts that right.
    public init(_ settings: FeedSettings, in folder: FilePath, others: @escaping Items) {
        self.folder = FeedFolder(settings, at: folder)
        self.others = others
    }

    /// What the settings, the folder, or a file that is not here have against it.
    public func obstacle(to publication: Publication) -> String? {
        do throws(FeedError) {
            if let obstacle = folder.obstacle() { throw obstacle }
            for medium in publication.media {
                if try FeedError.wrap({ () throws(FileError) in try folder.has(medium) }) { continue }
                if let reason = FeedFolder.reason(against: medium) { throw .medium(reason) }
            }
            return nil
        } catch { return error.description }
    }

    /// Writes the feed with this post in it; the link is to where the JSON Feed tells of it.
    public func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff {
        do throws(FeedError) {
            _ = try folder.write(needing: publication, until: deadline, isStopped: isStopped) {
                () throws(FeedError) in
                do { return try others() + [publication] } catch { throw FeedError.items("\(error)") }
            }
            let addresses = try FeedAddresses(folder.settings, in: folder.path)
            return .sent(links: ["feed": addresses.post(publication.post)])
        } catch {
            return error.isHalfway ? .unknown(error.description) : .unreached(error.description)
        }
    }

    /// Writes the feed with just these posts: after its settings have changed, or where a post is not to be told of any
    /// more. Files that are not to be had are left out, see ``FeedOutcome/absent``.
    @discardableResult
    public func rewrite(
        _ items: [Publication], isStopped: () -> Bool = { false }
    ) throws(FeedError) -> FeedOutcome {
        try folder.write(until: nil, isStopped: isStopped) { () throws(FeedError) in items }
    }
}

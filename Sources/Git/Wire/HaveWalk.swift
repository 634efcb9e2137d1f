/// Tells a server what is here, the latest first, and passes over what it is known to have.
///
/// Once the server has a commit, it has all that lead to it: they are passed over. The walk ends where nothing else is left.
struct HaveWalk {
    private let repository: Repository
    private var queue = CommitQueue()
    private var seen: Set<ObjectID> = []
    /// What is in the queue.
    private var waiting: Set<ObjectID> = []
    /// What the server has, or is known to have since something was made from it.
    private var common: Set<ObjectID> = []
    /// What the server's references stand for: it must still be told that we have these, but nothing before them.
    private let advertised: Set<ObjectID>
    /// How many wait that the server is not known to have.
    private var open = 0

    /// Begins at some commits; what is not here, or is no commit, is passed over.
    init(in repository: Repository, from tips: [ObjectID], advertised: Set<ObjectID>) {
        self.repository = repository
        self.advertised = advertised
        for tip in tips { add(tip) }
    }

    /// The next commit to tell of; nil where there is none left.
    mutating func next() -> ObjectID? {
        while open > 0, let first = queue.pop() {
            waiting.remove(first.id)
            let isCommon = common.contains(first.id)
            if !isCommon { open -= 1 }
            for parent in first.commit.parents {
                add(parent)
                if isCommon || advertised.contains(first.id) { learn(parent) }
            }
            if !isCommon { return first.id }
        }
        return nil
    }

    /// Takes it that the server has a commit.
    mutating func learn(_ id: ObjectID) {
        // Not by recursion: a history may be of any length.
        var stack = [id]
        while let id = stack.popLast() {
            guard common.insert(id).inserted else { continue }
            if waiting.contains(id) {
                open -= 1
            } else if seen.contains(id), let commit = try? repository.readCommit(id) {
                // It was told of already; those before it wait, or have been told of as well.
                stack += commit.parents.filter { seen.contains($0) }
            }
        }
    }

    private mutating func add(_ id: ObjectID) {
        // A repository may lack what it should have; that is no reason to get nothing.
        guard seen.insert(id).inserted, repository.contains(id), let commit = try? repository.readCommit(id) else {
            return
        }
        queue.push(commit, id, at: commit.committer.seconds)
        waiting.insert(id)
        if !common.contains(id) { open += 1 }
    }
}

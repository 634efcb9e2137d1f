/// What is known about a post after several attempts to hand it over.
struct ServiceCourse {
    /// What an attempt shows.
    enum Evidence {
        /// Nothing was taken in: nothing arrived, or the service said so.
        case nothing
        /// The service says that it failed.
        case failure
        /// It may have arrived, and no answer says what became of it.
        case doubt
    }

    private var doubt: String?
    private var failure: String?
    private var last = ""

    mutating func note(_ evidence: Evidence, _ words: String) {
        last = words
        switch evidence {
        case .nothing: break
        case .failure: failure = words
        case .doubt: doubt = words
        }
    }

    /// What to tell when no attempt follows: the worst that any of them has left possible.
    func ended(_ words: String?) -> HandOff {
        if let doubt { return .unknown("\(doubt), and no later answer said what became of the post") }
        if let failure { return .refused(failure) }
        return .unreached(words ?? last)
    }

    /// What to tell when the service refuses: it may refuse just because it has the post from an attempt that it did not
    /// answer.
    func refused(_ words: String) -> HandOff {
        guard let doubt else { return .refused(words) }
        return .unknown("\(doubt), and then \(words)")
    }
}

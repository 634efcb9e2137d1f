import Publishing

/// Stands for the target that a post is too late for, which is out elsewhere: it takes nothing.
///
/// That an attempt failed is said by who holds its claim, and so is this: another computer, whose clock says otherwise, may be
/// at it just now.
struct TooLate: PublishingTarget {
    let reason: String

    func obstacle(to publication: Publication) -> String? { nil }

    func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff {
        .refused(reason)
    }
}

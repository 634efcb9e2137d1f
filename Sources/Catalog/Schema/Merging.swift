/// What becomes of a field that two laptops decided apart.
///
/// Whatever the rule, it looks at what was written alone, and not at who merges: each laptop comes to the same.
enum Merging: Sendable {
    /// The later one stands; the other is kept as a conflict.
    case later
    /// As `later`; but where two people added the same thing, each as their own, that is no conflict.
    case laterOfAdded
    /// Texts are put together line by line; where that cannot be done, as `later`.
    case lines
    /// A file: as `later`, but two names of the same bytes are no conflict.
    case file
    /// What is said of the record's file goes with it.
    case ofFile
    /// Values by name of which none is ever taken away: all of them stand.
    case united
    /// The greater number stands.
    case greatest
    /// Of two that were chosen apart the smaller stands.
    case least
    /// Who sees what: the stricter stands.
    case strictest
    /// A set whose elements are decided once, and which nobody edits by hand: the later stands, and nothing is kept.
    case settled
}

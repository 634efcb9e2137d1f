/// Bringing a store and a shared remote together: where remotes are, how their versions and files are reached, and what
/// is done in which order.
///
/// It knows nothing of what a person may do, and nothing of what records mean: that two versions become one is the
/// `Store`'s work.
public enum Sync {}

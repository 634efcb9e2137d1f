/// What is derived from a store's versions and kept, so that reading costs next to nothing.
///
/// Everything here carries the stamp that it was made from: the versions of both branches. A read compares the stamp with
/// the heads; where they differ, what changed between the two is made again, and only that, before the read is answered. So
/// nobody ever has to clear anything, and no path of the code can forget to. All of it may be deleted at any moment.
///
/// Where to begin: ``Index`` holds the rows that lists are made of, ``IndexReader`` is asked for them.
public enum Cache {}

/// The names that belong to the whole catalog: what tracks, stems, posts, workspaces and people are.
///
/// `Catalog` holds the records of a store as plain values: their identifiers and stamps, their JSON to the byte,
/// the paths that they live at, how a person's edit changes them, and the questions that can be asked of them.
///
/// It never touches files, git, terminals, the network, the clock or randomness. Times, random numbers and people
/// are handed in, so everything here gives the same answer on every machine.
public enum Catalog {
    /// The greatest size of one record's file, in bytes: 1 MiB.
    public static let recordLimit = 1 << 20

    /// The version of the tree's layout that this program reads and writes (`format` in `offbeat.json`).
    public static let format = 1

    /// The version of the merge rules that this program knows (`merge` in `offbeat.json`).
    public static let mergeRules = 1

    /// The store's `.gitattributes`: git-lfs by path, not by extension, so that any audio format works.
    public static let gitAttributes = """
        tracks/**/audio.* filter=lfs diff=lfs merge=lfs -text
        tracks/**/stems/* filter=lfs diff=lfs merge=lfs -text
        tracks/**/stems/*.json !filter !diff !merge text
        tracks/**/conflicts/* filter=lfs diff=lfs merge=lfs -text
        workspaces/**/image.* filter=lfs diff=lfs merge=lfs -text

        """
}

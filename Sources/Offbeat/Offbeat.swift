/// What a person may do with a library: each use case once.
///
/// This is the one face that the command line, the page and embedding programs share. `Library` opens a store for a
/// program; a `Session` is one person at work in it, and holds every rule of who may see and do what. Nothing here
/// knows of terminals or HTTP, and nothing below it knows of people's rights.
public enum Release {
    /// This program's version.
    public static let version = "0.1.0"
}

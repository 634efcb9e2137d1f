/// SHA-256 and SHA-1 by the system's OpenSSL, and hexadecimal.
///
/// This target hashes bytes that it is handed. It never opens a file, never signs or encrypts, and knows nothing of what
/// the hashes are used for.
///
/// Where to begin: ``ContentHash`` is the name of a content, ``SHA256`` and ``SHA1`` hash what comes in pieces.
public enum Digest {}

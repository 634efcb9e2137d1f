/// Packing and unpacking in zlib's format, and its checksums, by the system's zlib and libdeflate.
///
/// This target works on bytes in memory. It never opens a file and knows nothing of what is packed.
///
/// Where to begin: ``Deflater`` packs, ``Inflater`` unpacks within a limit, ``WholeInflater`` what is
/// there as a whole, ``StreamInflater`` what comes piece by piece; ``Checksum`` has CRC-32 and Adler-32.
public enum Deflate {}

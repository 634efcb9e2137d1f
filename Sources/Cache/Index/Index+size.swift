import Files

extension Index {
    /// How many bytes its files have.
    public var size: Int64 { CacheFile.size(IndexSchema.file, in: directory) }
}

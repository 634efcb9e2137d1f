public import Catalog
public import Files

/// What a repair needs to know that the store itself does not: what audio is, and where else files may be.
public struct RepairMeans: Sendable {
    /// Reads what an audio file says of itself; nil for what is no audio.
    public var inspect:
        @Sendable (borrowing FileDescriptor) -> (facts: AudioDescription, fileExtension: FileExtension)?
    /// Where other copies of this store lie on this computer: directories with objects and files.
    ///
    /// Asked when it is needed: what says so may have to be mended first.
    public var otherCopies: @Sendable () -> [FilePath]

    /// What can be said of an audio file, whichever it is.
    public struct AudioDescription: Sendable {
        /// The container or codec.
        public let format: String
        /// How long it is.
        public let frames: Int64
        /// Frames a second.
        public let sampleRate: Int
        /// Samples a frame.
        public let channels: Int
        /// Bits a sample, where there is such a thing.
        public let bits: Int?

        /// Describes a file.
        public init(format: String, frames: Int64, sampleRate: Int, channels: Int, bits: Int?) {
            self.format = format
            self.frames = frames
            self.sampleRate = sampleRate
            self.channels = channels
            self.bits = bits
        }
    }

    /// Takes these means.
    public init(
        otherCopies: @escaping @Sendable () -> [FilePath] = { [] },
        inspect:
            @escaping @Sendable (borrowing FileDescriptor) -> (
                facts: AudioDescription, fileExtension: FileExtension
            )?
    ) {
        self.otherCopies = otherCopies
        self.inspect = inspect
    }
}

import CSndfile
import Glibc

/// A file that libsndfile has opened; closed when it goes.
///
/// The file is handed over as functions that read it, not as a descriptor: `sf_open_fd` closes the descriptor after
/// some failures even when told not to. The reason that libsndfile gives for a failed opening is shared by the whole
/// process, so it is never asked for.
struct SoundFile: ~Copyable {
    let info: SF_INFO
    private let handle: OpaquePointer
    /// For who reads samples; it lives as long as this.
    var raw: OpaquePointer { handle }
    // libsndfile holds a pointer to it until the file is closed.
    private let source: Source

    /// Opens the file.
    init(_ source: Source, kind: FileKind) throws(AudioError) {
        var functions = Self.functions
        var info = SF_INFO()
        let pointer = Unmanaged.passUnretained(source).toOpaque()
        guard let handle = sf_open_virtual(&functions, Int32(SFM_READ), &info, pointer) else {
            guard let name = kind.audioName else { throw AudioError(.notAudio, FileKind.unknownReason) }
            throw AudioError(.damaged, "begins like \(name) and cannot be read as that")
        }
        self.info = info
        self.handle = handle
        self.source = source
    }

    deinit {
        sf_close(handle)
    }

    /// Returns a tag as text.
    func text(_ tag: some BinaryInteger) -> String? {
        // The string belongs to libsndfile and lives until the file is closed.
        guard let bytes = sf_get_string(handle, Int32(tag)) else { return nil }
        return AudioTags.repaired(
            UnsafeBufferPointer(start: bytes, count: strlen(bytes)).map(UInt8.init(bitPattern:)))
    }

    /// Counts frames by decoding them all, up to a limit.
    func countFrames(limit: Int64) -> Int64 {
        let chunk = 4096
        var count: Int64 = 0
        withUnsafeTemporaryAllocation(of: Float.self, capacity: chunk * Int(info.channels)) { buffer in
            while count < limit {
                let got = sf_readf_float(handle, buffer.baseAddress, sf_count_t(chunk))
                if got <= 0 { break }
                count += got
            }
        }
        return min(count, limit)
    }
}

extension SoundFile {
    /// How libsndfile reads a `Source`; it copies this table when it opens a file.
    private static var functions: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { Source.behind($0)?.size ?? -1 },
            seek: { offset, origin, data in
                guard let source = Source.behind(data) else { return -1 }
                let base: Int64 =
                    switch origin {
                    case SEEK_CUR: source.position
                    case SEEK_END: source.size
                    default: 0
                    }
                let (place, overflows) = base.addingReportingOverflow(offset)
                guard !overflows, place >= 0 else { return -1 }
                source.position = place
                return place
            },
            read: { target, count, data in
                guard let source = Source.behind(data), count > 0 else { return 0 }
                let buffer = UnsafeMutableRawBufferPointer(start: target, count: Int(count))
                let got = source.read(at: source.position, into: buffer)
                source.position += Int64(got)
                return sf_count_t(got)
            },
            write: { _, _, _ in 0 },
            tell: { Source.behind($0)?.position ?? -1 })
    }
}

extension Source {
    /// The source that a pointer handed to libsndfile stands for.
    fileprivate static func behind(_ pointer: UnsafeMutableRawPointer?) -> Source? {
        pointer.map { Unmanaged<Source>.fromOpaque($0).takeUnretainedValue() }
    }
}

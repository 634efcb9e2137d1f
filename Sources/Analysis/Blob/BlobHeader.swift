import Deflate

/// The sixteen bytes that a blob begins with.
struct BlobHeader: Equatable {
    static let magic = Array("OBA1".utf8)
    static let size = 16
    /// Deflate cannot pack more tightly: 258 bytes in two bits.
    static let greatestRatio = 1032

    var codec: BlobFacts.Codec
    var rawSize: Int
    var checksum: UInt32

    init(codec: BlobFacts.Codec, rawSize: Int, checksum: UInt32) {
        self.codec = codec
        self.rawSize = rawSize
        self.checksum = checksum
    }

    var bytes: [UInt8] {
        var bytes = Self.magic + [codec.rawValue, 0, 0, 0]
        bytes.append(little: UInt32(truncatingIfNeeded: rawSize))
        bytes.append(little: checksum)
        return bytes
    }

    init(_ blob: UnsafeRawBufferPointer) throws(AnalysisError) {
        guard blob.count >= Self.size else {
            throw AnalysisError(.damaged, "is no analysis blob: it has only \(blob.count) bytes")
        }
        guard blob.prefix(4).elementsEqual(Self.magic) else {
            throw AnalysisError(.damaged, "is no analysis blob: it does not begin with OBA1")
        }
        guard let codec = BlobFacts.Codec(rawValue: blob[4]) else {
            throw AnalysisError(.damaged, "is packed in a way that is not known (codec \(blob[4]))")
        }
        guard blob[5] == 0, blob[6] == 0, blob[7] == 0 else {
            throw AnalysisError(.damaged, "has other bytes than zeros at 5 to 7")
        }
        self.codec = codec
        rawSize = Int(blob.little(at: 8, as: UInt32.self))
        checksum = blob.little(at: 12, as: UInt32.self)
        guard rawSize <= AnalysisBlob.ceiling else {
            throw AnalysisError(
                .tooLarge, "says that it holds \(rawSize) bytes; \(AnalysisBlob.ceiling) are allowed")
        }
    }

    /// The unpacked bytes, which are what the header says of them.
    func unpack(_ payload: UnsafeRawBufferPointer) throws(AnalysisError) -> [UInt8] {
        let raw =
            switch codec {
            case .raw: Array(payload)
            case .zlib: try inflate(payload)
            }
        guard raw.count == rawSize else {
            throw AnalysisError(.damaged, "holds \(raw.count) bytes and says that it holds \(rawSize)")
        }
        guard Checksum.crc32(raw) == checksum else {
            throw AnalysisError(.damaged, "holds other bytes than it was written with: the checksum differs")
        }
        return raw
    }

    private func inflate(_ payload: UnsafeRawBufferPointer) throws(AnalysisError) -> [UInt8] {
        // What no stream of this length can hold is not given room for.
        guard rawSize <= payload.count * Self.greatestRatio else {
            throw AnalysisError(.damaged, "is cut off: its bytes cannot hold the \(rawSize) that it promises")
        }
        guard let inflater = WholeInflater() else { throw AnalysisError(.io, "cannot be unpacked: out of memory") }
        let (raw, taken): ([UInt8], Int)
        do throws(DeflateError) {
            (raw, taken) = try inflater.decompress(payload, size: rawSize)
        } catch {
            throw AnalysisError(.damaged, "cannot be unpacked: \(error)")
        }
        guard taken == payload.count else {
            throw AnalysisError(.damaged, "goes on for \(payload.count - taken) bytes behind its end")
        }
        return raw
    }
}

extension [UInt8] {
    /// Appends a number, its least byte first.
    mutating func append(little number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// The number that begins at a byte, its least byte first.
    func little<Number: FixedWidthInteger>(at place: Int, as type: Number.Type) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}

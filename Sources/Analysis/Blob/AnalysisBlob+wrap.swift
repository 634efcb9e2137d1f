public import Catalog
import Deflate

extension AnalysisBlob {
    /// A blob that holds what another program has said in words of its own, and no arrays.
    ///
    /// Throws `.tooLarge` for more than ``jsonLimit`` bytes, and `.damaged` for words that would name arrays.
    public static func wrap(_ json: JSONObject, compressed: Bool = true) throws(AnalysisError) -> [UInt8] {
        guard json["arrays"] == nil else {
            throw AnalysisError(.damaged, "has a member arrays, which stands for what is not there")
        }
        var json = json
        json["arrays"] = .array([])
        let text = JSON.object(json).canonical()
        guard text.count <= jsonLimit else {
            throw AnalysisError(.tooLarge, "has \(text.count) bytes of JSON, more than \(jsonLimit)")
        }
        var raw: [UInt8] = []
        raw.append(little: UInt32(text.count))
        raw += text
        let codec: BlobFacts.Codec = compressed ? .zlib : .raw
        var bytes = BlobHeader(codec: codec, rawSize: raw.count, checksum: Checksum.crc32(raw)).bytes
        guard compressed else { return bytes + raw }
        Deflater().compress(raw, into: &bytes)
        return bytes
    }

    /// Whether bytes begin as a blob does.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: BlobHeader.magic) }
}

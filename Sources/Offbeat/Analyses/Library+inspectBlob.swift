import Analysis
public import Catalog
public import Files

extension Library {
    /// What a blob of an analysis in a file consists of, whoever wrote it.
    public static func inspectBlob(_ file: FilePath) throws(Failure) -> JSON {
        do {
            let bytes = try FileSystem.read(file, limit: analysisLimit)
            let facts: BlobFacts
            do throws(AnalysisError) {
                facts = try AnalysisBlob.inspect(bytes)
            } catch { throw Failure(.damaged, "\(file) \(error.reason)") }
            var json = facts.json
            json["arrays"] = nil
            return [
                "codec": .string("\(facts.codec)"), "size": .integer(Int64(facts.size)),
                "rawSize": .integer(Int64(facts.rawSize)), "checksum": .integer(Int64(facts.checksum)),
                "json": .object(json), "arrays": .array(facts.arrays.map(describe)),
            ]
        } catch { throw Failure(error) }
    }

    private static func describe(_ array: BlobFacts.Column) -> JSON {
        [
            "name": .string(array.name), "type": .string(array.kind.rawValue), "scale": JSON(array.scale),
            "offset": JSON(array.offset), "count": .integer(Int64(array.count)), "delta": .bool(array.isDelta),
            "bytes": .integer(Int64(array.size)),
        ]
    }
}

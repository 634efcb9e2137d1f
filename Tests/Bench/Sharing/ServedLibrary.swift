import Files
import Glibc
import HTTP
import TestSupport

/// A library that the built program serves, and somebody who asks it.
final class ServedLibrary {
    /// The port that it is served at.
    let port: UInt16
    /// Lets in whoever names it.
    let token: String
    private let process: ServerProcess
    private let client = HTTPClient()
    private let url: String

    /// Serves a library until ``stop()``.
    init(_ library: FilePath, _ workshop: Workshop) throws {
        let log = workshop.path("served")
        process = try ServerProcess(
            [workshop.offbeat, "--store", library.string, "--json", "serve", "--port", "0"],
            environment: Dictionary(
                uniqueKeysWithValues: workshop.plain.compactMap { variable in
                    variable.firstIndex(of: "=").map {
                        (String(variable[..<$0]), String(variable[variable.index(after: $0)...]))
                    }
                }), log: log)
        try process.wait { [process] in process.words.contains("\n") }
        let words = process.words
        func value(_ name: String) -> String {
            String(words.components(after: "\"\(name)\":\"").prefix { $0 != "\"" })
        }
        (url, token) = (value("url"), value("token"))
        guard let port = UInt16(url.components(after: "127.0.0.1:")) else {
            process.stop()
            throw BenchError("the library is not served: \(words)")
        }
        self.port = port
    }

    func stop() { process.stop() }

    /// The most memory that the server has had, in bytes.
    func peakMemory() throws -> Double {
        let status = String(
            decoding: try FileSystem.read(FilePath("/proc/\(process.id)/status"), limit: 1 << 16), as: UTF8.self)
        let digits = status.components(after: "VmHWM:").drop { $0 == " " || $0 == "\t" }.prefix { $0.isNumber }
        return (Double(digits) ?? 0) * 1024
    }

    /// Asks so many times, one after the other by one connection, and tells how long each took.
    ///
    /// - Parameter known: whether what was answered first is named, so that nothing has changed since.
    func times(_ path: String, _ count: Int, known: Bool = false) throws -> Sample {
        var request = HTTPRequest(
            .get, try HTTPURL(url + path), headers: ["Authorization": "Bearer \(token)"])
        let first = try client.send(request) { _ in true }
        guard first.status == 200 else { throw BenchError("\(path): status \(first.status)") }
        if known { request.headers["If-None-Match"] = first.headers["ETag"] }
        return Sample(
            try (0..<count).map { _ in
                let watch = Stopwatch()
                let response = try client.send(request) { _ in true }
                guard response.status == (known ? 304 : 200) else {
                    throw BenchError("\(path): status \(response.status)")
                }
                return watch.seconds
            })
    }

    /// Sends a file as a new track, and tells how long that took.
    func upload(_ file: FilePath, named name: String) throws -> Reading {
        let source = try FileDescriptor.open(file, .read)
        var request = HTTPRequest(
            .post, try HTTPURL("\(url)/api/tracks?name=\(name)"),
            headers: ["Authorization": "Bearer \(token)", "Content-Type": "application/octet-stream"],
            body: .stream(length: try source.status().size) { try? source.read(into: $0) })
        request.silenceLimit = .seconds(120)
        let watch = Stopwatch()
        let response = try client.send(request) { _ in true }
        guard response.status == 201 else { throw BenchError("upload: status \(response.status)") }
        return Reading(seconds: watch.seconds)
    }
}

extension String {
    /// What stands behind the first place where that is; nothing where it is nowhere.
    fileprivate func components(after part: String) -> Substring {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return rest.dropFirst(part.count) }
            rest = rest.dropFirst()
        }
        return ""
    }
}

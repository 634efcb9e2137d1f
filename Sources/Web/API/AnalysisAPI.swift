import Catalog
import Offbeat
import Serving

/// What was found out about audio.
enum AnalysisAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/tracks/{id}/analysis/{stem}", "What is known of a track's audio, or of a stem's",
            tag: "analysis",
            parameters: [
                .choice("cached", "Whether to fail rather than compute it.", ["true", "false"]),
                .choice("format", "In which form; as JSON, else.", AnalysisFormat.allCases.map(\.rawValue)),
                .text("analyzer", "Who is asked; our own, else."), .text("version", "In which version."),
                .number("samples", "How many samples a point of a waveform stands for.", 1...1_000_000),
            ],
            answers: [
                .json("Analysis", "What is known, and in `Offbeat-Cache` how it came: cached, remote, computed")
            ]
        ) { call in try answer(call) },
        Route(
            .put, "/api/tracks/{id}/analysis/{stem}", "Keep what another program has found out", tag: "analysis",
            parameters: [
                .text("analyzer", "The name of the program.", isRequired: true),
                .text("version", "Its version.", isRequired: true),
            ], body: .bytes,
            answers: [.json("KeptAnalysis", "It is kept", status: 201)]
        ) { call in
            guard let analyzer = call.request.query["analyzer"], let version = call.request.query["version"] else {
                throw Refusal(400, "analyzer and version have to say who has found it out")
            }
            let session = try call.session()
            let target = try session.analysisTarget(of: call.track(), stem: call["stem"])
            let bytes = try call.request.body.collect(upTo: Library.analysisLimit)
            let kept = try session.setAnalysis(
                of: target, from: bytes, named: "what came", by: analyzer, version: version)
            return Response(201, json: kept.json)
        },
        Route(
            .delete, "/api/tracks/{id}/analysis/{stem}", "Take our own analysis back: it is made again",
            tag: "analysis",
            answers: [.json("Invalidated", "How many were taken back")]
        ) { call in
            let session = try call.session()
            let target = try session.analysisTarget(of: call.track(), stem: call["stem"])
            return Response(json: ["count": .integer(Int64(try session.invalidateAnalyses(of: target)))])
        },
    ]

    private static let types: [AnalysisFormat: String] = [
        .json: "application/json", .oba: "application/octet-stream", .audiowaveform: "application/octet-stream",
        .audiowaveformJSON: "application/json", .jams: "application/json", .png: "image/png",
    ]

    private static func answer(_ call: Call) throws -> Response {
        let query = call.request.query
        guard let format = AnalysisFormat(rawValue: query["format"] ?? AnalysisFormat.json.rawValue) else {
            throw Refusal(400, "an analysis is not written in that form")
        }
        guard ["true", "false", nil].contains(query["cached"]) else {
            throw Refusal(400, "cached has to be true or false")
        }
        var shape = AnalysisReading.Shape()
        shape.samplesPerPixel = try call.number("samples", in: 1...1_000_000)
        let request = call.request
        let reading = try call.session().readAnalysis(
            of: call.track(), stem: call["stem"], by: query["analyzer"], version: query["version"],
            isCachedOnly: query["cached"] == "true", progress: Progress(stop: { request.isForsaken }))
        var response =
            format == .json
            ? Response(json: reading.json)
            : Response(200, bytes: try reading.bytes(as: format, shape), type: types[format])
        response.headers["Offbeat-Cache"] = word(for: reading.origin)
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }

    private static func word(for origin: AnalysisReading.Origin) -> String {
        switch origin {
        case .hit: "cached"
        case .fetched: "remote"
        case .computed: "computed"
        }
    }
}

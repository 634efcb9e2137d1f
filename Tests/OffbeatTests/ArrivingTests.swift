import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// How far versions that come over the network are, for who watches.
@Test(.enabled(if: isInstalled("git"), "needs git")) func versionsThatComeAreCounted() throws {
    try withPlace { place in
        for number in 1...2 { try place.add("\(number).wav", frequency: Double(number) * 200) }
        // Stands in place of ssh, and runs here what is to be run there.
        let program = place.folder.appending("ssh")
        try FileSystem.write("#!/bin/sh\nfor word; do :; done\neval \"$word\"\n", to: program, mode: 0o755)
        var context = place.clock.context
        let variables = hermeticEnvironment(home: place.folder).merging(["GIT_SSH_COMMAND": "\(program)"]) { $1 }
        context.environment = { variables }
        let reports = Mutex<[Progress.Report]>([])
        let progress = Progress(receive: { report in reports.withLock { $0.append(report) } })
        var request = CloneRequest(of: "ssh://far\(place.path)", from: place.folder)
        request.content = ContentPolicy.none
        request.isInsisting = true
        let clone = try Library.clone(
            request, to: place.folder.appending("copy"), context: context, progress: progress)
        func told() throws -> (last: Progress.Report, isRising: Bool) {
            let told = reports.withLock { reports in
                defer { reports = [] }
                return reports.filter { $0.what == "Receiving versions" }
            }
            return (try #require(told.last), zip(told, told.dropFirst()).allSatisfy { $0.done <= $1.done })
        }
        let first = try told()
        #expect(first.isRising && first.last.done > 10 && first.last.done == first.last.total)
        try place.add("3.wav", frequency: 600)
        _ = try clone.library.sync(progress: progress)
        let second = try told()
        #expect(second.isRising && second.last.done == second.last.total)
        #expect((1..<first.last.done).contains(second.last.done))
    }
}

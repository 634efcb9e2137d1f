import Catalog
import Files
import TestSupport
import Testing

/// When a guest's time is over: who is at work goes on, and nobody begins.
@Suite struct GuestTimeTests {
    private static let later = ["OFFBEAT_NOW": "2031-01-02T12:00:00Z"]

    @Test func nobodyBeginsWhenTimeIsOver() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            try FileSystem.write("{\"bpm\":1}", to: house.studio.work.appending("found.json"))
            for command in CommandTable.all where command.standing == .may && !command.name.hasPrefix("post ") {
                let outcome = try guest.run(command.words, adding: Self.later)
                try outcome.expectFailure(4, "wrong-state")
                #expect(outcome.text.contains("was over at"), "\(outcome)")
            }
            #expect(FileSystem.exists(guest.store))
            try house.studio.offbeat("ls", adding: Self.later).done()
            #expect(!FileSystem.exists(guest.store))
            try guest.at("ls").expectFailure(3, "not-a-store")
        }
    }

    @Test func whoIsAtWorkGoesOn() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let (begun, go) = (house.studio.root.appending("begun"), house.studio.root.appending("go"))
            let script = house.studio.root.appending("separate.sh")
            try FileSystem.write(
                "touch \(begun)\nwhile ! [ -e \(go) ]; do sleep 0.02; done\ncp \"$1\" \"$2/bass.wav\"\n", to: script
            )
            let running = try house.studio.start([
                Word(try Scenarios.program()), "--json", "--store", Word(guest.store), "stem", "separate", "ana-0",
                "--with", "sh \(script) {in} {out}",
            ])
            try Self.wait(for: begun)
            // Its time is over, and others come by: it is not taken away from under the program.
            try house.studio.offbeat("ls", adding: Self.later).done()
            try guest.run(["ls"], adding: Self.later).expectFailure(4, "wrong-state")
            try house.at("guest", "end", Word(guest.id)).expectFailure(75, "locked")
            #expect(FileSystem.exists(guest.store))
            try FileSystem.write("", to: go)
            let outcome = try running.outcome().done()
            #expect(try outcome.json()["added"] == ["bass"], "\(outcome)")
            try house.studio.offbeat("ls", adding: Self.later).done()
            #expect(!FileSystem.exists(guest.store))
        }
    }

    private static func wait(for path: FilePath) throws {
        let watch = Stopwatch()
        while !FileSystem.exists(path) {
            guard watch.seconds < 60 else { throw Unexpected("\(path) did not come to be") }
            SystemClock.sleep(seconds: 0.005)
        }
    }
}

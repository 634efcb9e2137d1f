import Files

extension Row {
    static let addAgain = Row(name: "add-again", summary: "adding 10,000 files again that nobody touched") {
        workshop in
        let (sounds, store) = (workshop.path("sounds"), workshop.path("store"))
        try Sounds.make(10_000, of: 64 << 10, in: sounds)
        try workshop.makeStore(at: store)
        // Times younger than two seconds are not believed.
        SystemClock.sleep(seconds: 2.5)
        let adding = [workshop.offbeat, "--store", store.string, "--quiet", "add", "--no-analyze", sounds.string]
        try workshop.finish(adding)
        let contestants = [
            Contestant(name: Workshop.ours) { try workshop.time(adding) },
            Contestant(name: "find -size") {
                try workshop.time(["find", sounds.string, "-size", "+1"])
            },
            .start(workshop),
        ]
        return try Pairs.measure(flushing: false, contestants).findings(
            "add-again", .init("whole command", against: "find -size", .times(3)),
            .init("whole command", against: "start", .none))
    }
}

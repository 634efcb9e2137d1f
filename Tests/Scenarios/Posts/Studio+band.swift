extension Studio {
    /// A library with a workspace `band`: its maker owns it, and Ben approves.
    static func withBand(_ body: (Studio) throws -> Void) throws {
        try withStore { studio in
            try studio.offbeat("user", "add", "ben").done()
            try studio.offbeat("workspace", "add", "band").done()
            try studio.offbeat("workspace", "member", "add", "band", "ben", "--role", "approver").done()
            try body(studio)
        }
    }
}

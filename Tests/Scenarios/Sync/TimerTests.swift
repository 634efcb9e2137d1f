import Files
import TestSupport
import TestTraits
import Testing

/// What `help sync` shows for timers and cron, taken at its word.
@Suite(.waiting) struct TimerTests {
    /// The lines that are meant for files, without the blanks before them.
    private func verbatim(_ studio: Studio) throws -> [String] {
        try studio.offbeat("help", "sync").done().text.split(separator: "\n").filter { $0.hasPrefix("    ") }
            .map { String($0.dropFirst(4)) }
    }

    /// The line runs with no more than cron gives: a home and a shell.
    @Test func theCronLineSyncs() throws {
        try Tour.with { tour in
            let line = try #require(try verbatim(tour.studio).first { $0.hasPrefix("*/10 * * * * ") })
            let command = line.dropFirst("*/10 * * * * ".count).split(separator: "--splay 60").joined(
                separator: "--splay 1")
            try tour.at("ana", "edit", tour.song(), "title=By cron").done()
            // The first store that was made is the one that is used where nothing names another.
            try tour.studio.run(["sh", "-c", Word(String(command))], in: tour.studio.home).done()
            #expect(try tour.remoteHead() == tour.head("ana"))
        }
    }

    @Test(.enabled(if: isInstalled("systemd-analyze"), "systemd is not installed")) func systemdTakesTheUnits()
        throws
    {
        try Studio.with { studio in
            let lines = try verbatim(studio)
            let start = try #require(lines.lastIndex(of: "[Unit]"))
            let (service, timer) = (lines[..<start], lines[start...].prefix { !$0.hasPrefix("*/10") })
            #expect(service.contains("Type=oneshot") && timer.contains("OnCalendar=*:0/10"))
            for (name, unit) in [("service", service), ("timer", timer)] {
                try FileSystem.write(
                    unit.joined(separator: "\n") + "\n", to: studio.work.appending("offbeat-sync.\(name)"))
            }
            let verified = try studio.run(
                [
                    "systemd-analyze", "verify", "--user", "--man=no",
                    Word(studio.work.appending("offbeat-sync.service")),
                    Word(studio.work.appending("offbeat-sync.timer")),
                ], adding: ["XDG_RUNTIME_DIR": studio.root.string])
            #expect(verified.status == 0 && !verified.complaint.contains("offbeat-sync"), "\(verified)")
        }
    }
}

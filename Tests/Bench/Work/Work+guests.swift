import Catalog
import Files
import Guests
import Offbeat
import Store

/// What guests cost.
extension Work {
    /// Measures how long it takes to start a guest, after how many bytes of disk its new store takes.
    static func startGuests(at path: FilePath) throws {
        let session = try Library(at: path, context: .bench).session(as: "ana")
        for number in 0..<31 {
            let watch = Stopwatch()
            let guest = try session.startGuest().guest
            let seconds = watch.seconds
            if number == 0 { print(try allocated(in: guest.path)) } else { print(seconds) }
            try end(guest, in: session)
        }
    }

    /// Measures how long it takes to end a guest that has changed so many records, and perhaps looked at lists afterwards.
    static func endGuests(at path: FilePath, after count: Int, looking isLooking: Bool) throws {
        let session = try Library(at: path, context: .bench).session(as: "ana")
        for _ in 0..<11 {
            let guest = try session.startGuest().guest
            do {
                let (store, use) = try guest.open(.bench)
                try change(Array(0..<count), in: store)
                if isLooking { _ = try Library(at: guest.path, context: .bench).session().status() }
                _ = use.descriptor
            }
            let watch = Stopwatch()
            try end(guest, in: session)
            print(watch.seconds)
        }
    }

    private static func end(_ guest: Scratch, in session: Session) throws { _ = try session.endGuest(guest.id.hex) }

    private static func allocated(in folder: FilePath) throws -> Int64 {
        var sum = try FileSystem.status(of: folder).allocated
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            sum += entry.kind == .directory ? try allocated(in: path) : try FileSystem.status(of: path).allocated
        }
        return sum
    }
}

import Deflate
import Digest
import Files
import TestSupport
import Testing

@testable import Git

/// Puts packs together, also such as no sound server sends.
struct PackDraft {
    private(set) var bytes: [UInt8]
    private(set) var count = 0
    /// Where each object begins.
    private(set) var starts: [Int] = []

    init() { bytes = PackWriter.header(count: 0) }

    /// Adds an object; `size` is what the pack says of it, `packed` replaces what is stored.
    @discardableResult
    mutating func add(
        _ kind: Int, _ content: [UInt8], base: [UInt8] = [], size: Int? = nil, packed: [UInt8]? = nil
    ) -> Int {
        starts.append(bytes.count)
        count += 1
        let size = size ?? content.count
        var rest = size >> 4
        bytes.append(UInt8(kind) << 4 | UInt8(size & 15) | (rest > 0 ? 0x80 : 0))
        while rest > 0 {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        }
        bytes += base
        if let packed { bytes += packed } else { Deflater().compress(content, into: &bytes) }
        return starts.count - 1
    }

    /// Adds the difference to an object before it.
    @discardableResult
    mutating func add(difference: [UInt8], to base: Int) -> Int {
        add(6, difference, base: Self.distance(bytes.count - starts[base]))
    }

    /// Adds the difference to an object that is named.
    @discardableResult
    mutating func add(difference: [UInt8], to base: ObjectID) -> Int { add(7, difference, base: base.bytes) }

    static func distance(_ distance: Int) -> [UInt8] {
        var value = distance
        var bytes = [UInt8(value & 0x7F)]
        value >>= 7
        while value > 0 {
            value -= 1
            bytes.insert(UInt8(value & 0x7F) | 0x80, at: 0)
            value >>= 7
        }
        return bytes
    }

    /// What makes `result` of a base of so many bytes: so many of its first bytes, and then others.
    static func difference(from size: Int, keeping kept: Int, adding added: [UInt8]) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            value > 0x7F ? [UInt8(value & 0x7F) | 0x80] + number(value >> 7) : [UInt8(value)]
        }
        var bytes = number(size) + number(kept + added.count)
        if kept > 0 { bytes += [0x80 | 0x10 | 0x20, UInt8(kept & 0xFF), UInt8(kept >> 8 & 0xFF)] }
        if !added.isEmpty { bytes += [UInt8(added.count)] + added }
        return bytes
    }

    /// The whole pack.
    func finished(announcing count: Int? = nil) -> [UInt8] {
        let whole = PackWriter.header(count: count ?? self.count) + bytes.dropFirst(PackWriter.headerSize)
        return whole + SHA1.hash(of: whole)
    }
}

@Suite struct PackArrivalTests {
    /// Takes a pack in by pieces of a size, and answers what came; the folder must be empty where it is refused.
    private func receive(
        _ bytes: [UInt8], inPiecesOf size: Int = 1000, limits: FetchLimits = FetchLimits(), in folder: FilePath
    ) throws -> FetchedPack? {
        do {
            let arrival = try PackArrival(in: folder, limits: limits)
            var offset = 0
            while offset < bytes.count {
                let piece = Array(bytes[offset..<min(offset + size, bytes.count)])
                try piece.withUnsafeBytes { try arrival.receive($0) }
                offset += size
            }
            guard arrival.isComplete else { throw WireError.cutOff("in the middle of the pack") }
            return try arrival.finish(isStopped: { false }, lacking: { _ in nil })
        } catch {
            #expect(try FileSystem.list(folder).isEmpty)
            throw error
        }
    }

    private func refusal(of bytes: [UInt8], limits: FetchLimits = FetchLimits()) throws -> WireError {
        try withTemporaryDirectory { (folder) throws in
            try wireError { try receive(bytes, limits: limits, in: folder) as Any }
        }
    }

    private let base = Array(String(repeating: "some words ", count: 30).utf8)

    @Test(arguments: [1, 13, 100_000]) func `Objects of all kinds are named, however they are stored`(step: Int)
        throws
    {
        try withFixture { fixture in
            var draft = PackDraft()
            // The difference comes before what it is the difference to, and is itself what another differs from.
            let id = ObjectNaming().id(of: .blob, base)
            let first = draft.add(
                difference: PackDraft.difference(from: 330, keeping: 300, adding: [1, 2, 3]), to: id)
            let whole = draft.add(3, base)
            draft.add(difference: PackDraft.difference(from: 330, keeping: 10, adding: [7]), to: whole)
            draft.add(difference: PackDraft.difference(from: 303, keeping: 303, adding: [9]), to: first)
            draft.add(2, [])
            draft.add(3, [])
            let folder = fixture.path.appending("objects/pack")
            let pack = try #require(try receive(draft.finished(), inPiecesOf: step, in: folder))
            #expect(pack.objects == 6)
            try fixture.repository.refresh()
            for content in [
                base, base.prefix(300) + [1, 2, 3], base.prefix(10) + [7], base.prefix(300) + [1, 2, 3, 9],
            ] {
                let id = ObjectNaming().id(of: .blob, content)
                #expect(try fixture.repository.readBlob(id) == content)
            }
            if hasGit {
                try fixture.git(
                    "index-pack", "--strict", "-o", fixture.folder.appending("i").string, pack.pack.string)
            }
            let entries = try PackIndex.decode(
                FileSystem.read(pack.index), of: "it", packSize: pack.bytes)
            #expect(entries.map(\.offset) == draft.starts)
        }
    }

    @Test func `A pack of nothing leaves nothing`() throws {
        try withTemporaryDirectory { (folder) throws in
            #expect(try receive(PackDraft().finished(), in: folder) == nil)
            #expect(try FileSystem.list(folder).isEmpty)
        }
    }

    @Test func `What lies between is put together again where it was let go of`() throws {
        try withTemporaryDirectory { (folder) throws in
            var draft = PackDraft()
            var last = draft.add(3, base)
            var contents = [base]
            // A comb: each has a successor, and a second one that is read only when the successors are done.
            for number in 0..<60 {
                let content = contents[contents.count - 1]
                let next = Array(content.prefix(300)) + [UInt8(number), 1]
                let base = last
                last = draft.add(
                    difference: PackDraft.difference(
                        from: content.count, keeping: 300, adding: [UInt8(number), 1]),
                    to: base)
                draft.add(
                    difference: PackDraft.difference(
                        from: content.count, keeping: 200, adding: [UInt8(number), 2]),
                    to: base)
                contents.append(next)
            }
            let whole = draft.finished()
            let arrival = try PackArrival(in: folder, limits: FetchLimits())
            try whole.withUnsafeBytes { try arrival.receive($0) }
            let kept = try DeltaResolution(
                of: arrival.objects, in: arrival.path, endingAt: whole.count - 20, limits: FetchLimits()
            ).run(isStopped: { false })
            let dropped = try DeltaResolution(
                of: arrival.objects, in: arrival.path, endingAt: whole.count - 20, limits: FetchLimits(),
                heldLimit: 700
            ).run(isStopped: { false })
            #expect(kept == dropped)
            #expect(kept[last] == ObjectNaming().id(of: .blob, contents[contents.count - 1]))
            let side = Array(contents[0].prefix(200)) + [0, 2]
            #expect(kept[2] == ObjectNaming().id(of: .blob, side))
            let stopped = try DeltaResolution(
                of: arrival.objects, in: arrival.path, endingAt: whole.count - 20, limits: FetchLimits())
            let error = try wireError { try stopped.run(isStopped: { true }) }
            #expect(error.code == .stopped)
        }
    }

    @Test func `What a pack borrows is added to it`() throws {
        try withFixture { fixture in
            let (one, two) = (base, base + [7])
            let ids = try fixture.write { writer in try [one, two].map { try writer.write(blob: $0) } }
            var draft = PackDraft()
            let first = draft.add(
                difference: PackDraft.difference(from: 330, keeping: 300, adding: [1]), to: ids[0])
            draft.add(difference: PackDraft.difference(from: 301, keeping: 301, adding: [2]), to: first)
            draft.add(difference: PackDraft.difference(from: 331, keeping: 5, adding: [3]), to: ids[1])
            // This one is in the pack as well, but only once the first is known.
            draft.add(difference: PackDraft.difference(from: 330, keeping: 330, adding: [7]), to: ids[0])
            let whole = draft.finished()
            func receive() throws -> FetchedPack? {
                let folder = fixture.path.appending("objects/pack")
                let arrival = try PackArrival(in: folder, limits: FetchLimits(), lender: fixture.repository)
                try whole.withUnsafeBytes { try arrival.receive($0) }
                return try arrival.finish(isStopped: { false }, lacking: { _ in nil })
            }
            let pack = try #require(try receive())
            #expect(pack.objects == 5)
            #expect(try FileSystem.read(pack.pack).count == pack.bytes)
            try fixture.repository.refresh()
            let content = Array(base.prefix(300)) + [1, 2]
            #expect(try fixture.repository.readBlob(ObjectNaming().id(of: .blob, content)) == content)
            // The same comes of it each time, and does no harm.
            #expect(try receive() == pack)
            if hasGit {
                let index = fixture.folder.appending("index")
                try fixture.git("index-pack", "--strict", "-o", index.string, pack.pack.string)
                #expect(try FileSystem.read(index) == FileSystem.read(pack.index))
                try fixture.expectSound()
            }
        }
    }

    // MARK: What is refused

    @Test func `A damaged pack is refused, wherever it is damaged`() throws {
        var draft = PackDraft()
        let whole = draft.add(3, base)
        draft.add(difference: PackDraft.difference(from: 330, keeping: 300, adding: [1, 2, 3]), to: whole)
        draft.add(1, Array("tree".utf8))
        let sound = draft.finished()
        for place in sound.indices {
            var bytes = sound
            bytes[place] ^= 0x41
            let error = try refusal(of: bytes)
            #expect([.damagedPack, .tooLarge, .cutOff].contains(error.code), "\(place): \(error)")
        }
        for count in 0..<sound.count {
            let error = try refusal(of: Array(sound.prefix(count)))
            #expect(error.code == .cutOff)
        }
        #expect(try refusal(of: sound + [0]).description.contains("goes on after its end"))
    }

    @Test func `What lies about itself is refused`() throws {
        func expect(_ words: String, _ build: (inout PackDraft) -> Void) throws {
            var draft = PackDraft()
            build(&draft)
            let error = try refusal(of: draft.finished())
            #expect(error.code == .damagedPack)
            #expect(error.description.contains(words), "\(error)")
        }
        let difference = PackDraft.difference(from: 330, keeping: 300, adding: [1])
        try expect("longer than it says") { $0.add(3, base, size: 329) }
        try expect("shorter than it says") { $0.add(3, base, size: 331) }
        try expect("of no kind") { $0.add(5, base) }
        try expect("of no kind") { $0.add(0, base) }
        try expect("difference to nothing") { $0.add(6, difference, base: [5]) }
        try expect("difference to nothing") { $0.add(6, difference, base: [0]) }
        try expect("difference to nothing") { $0.add(6, difference, base: [UInt8](repeating: 0xFF, count: 12)) }
        try expect("which is not in it") { $0.add(7, difference, base: [UInt8](repeating: 7, count: 20)) }
        try expect("the difference to another object") {
            let whole = $0.add(3, Array(base.dropLast()))
            $0.add(difference: difference, to: whole)
        }
        try expect("a copy cannot be") {
            let whole = $0.add(3, base)
            $0.add(difference: PackDraft.difference(from: 330, keeping: 331, adding: []), to: whole)
        }
        try expect("a size cannot be read") {
            let whole = $0.add(3, base)
            $0.add(difference: [0x80], to: whole)
        }
        // One that differs from itself, and two from one another: nobody can name a base by an id that is not known yet
        // without breaking SHA-1, but nothing may hang on that.
        try expect("which is not in it") { $0.add(7, difference, base: ObjectID.zero.bytes) }
        try expect("the size of an object cannot be") { $0.add(3, [], size: Int.max) }
    }

    @Test func `A chain without end is refused`() throws {
        var draft = PackDraft()
        var last = draft.add(3, base)
        for _ in 0..<4200 {
            last = draft.add(difference: PackDraft.difference(from: 330, keeping: 330, adding: []), to: last)
        }
        #expect(try refusal(of: draft.finished()).description.contains("without end"))
    }

    @Test func `Little that unpacks to much is refused before it is unpacked`() throws {
        var limits = FetchLimits()
        limits.objectBytes = 1 << 20
        limits.unpackedBytes = 8 << 20
        // Large as it says of itself, large only when it is unpacked, and large only when it is put together.
        var honest = PackDraft()
        honest.add(3, [UInt8](repeating: 0, count: 2 << 20))
        #expect(try refusal(of: honest.finished(), limits: limits).code == .tooLarge)
        var lying = PackDraft()
        lying.add(3, [UInt8](repeating: 0, count: 64 << 20), size: 1000)
        #expect(try refusal(of: lying.finished(), limits: limits).code == .damagedPack)
        var differing = PackDraft()
        let whole = differing.add(3, base)
        differing.add(
            difference: PackDraft.difference(from: 330, keeping: 1 << 40, adding: [1]), to: whole)
        #expect(try refusal(of: differing.finished(), limits: limits).code == .tooLarge)
        var many = PackDraft()
        let large = many.add(3, [UInt8](repeating: 0, count: 60_000))
        for number in 0..<200 {
            many.add(
                difference: PackDraft.difference(from: 60_000, keeping: 60_000, adding: [UInt8(number)]), to: large)
        }
        let error = try refusal(of: many.finished(), limits: limits)
        #expect(error.code == .tooLarge)
        #expect(error.message.contains("unpacks to more"))
    }

    @Test func `What is packed as nothing without end is refused`() throws {
        // Stored blocks of no bytes.
        let nothing: [UInt8] = [0x78, 0x01]
        let blocks = (0..<100_000).flatMap { _ in [0, 0, 0, 0xFF, 0xFF] as [UInt8] }
        var draft = PackDraft()
        draft.add(3, [], size: 10, packed: nothing + blocks)
        #expect(try refusal(of: draft.finished()).description.contains("longer packed than unpacked"))
    }

    @Test func `More than was announced, and less, is refused`() throws {
        var draft = PackDraft()
        draft.add(3, base)
        draft.add(3, [1])
        #expect(try refusal(of: draft.finished(announcing: 1)).code == .damagedPack)
        // The checksum is then taken for an object.
        #expect([.damagedPack, .cutOff].contains(try refusal(of: draft.finished(announcing: 3)).code))
        var limits = FetchLimits()
        limits.objects = 1
        #expect(try refusal(of: draft.finished(), limits: limits).code == .tooLarge)
        limits = FetchLimits()
        limits.packBytes = 30
        #expect(try refusal(of: draft.finished(), limits: limits).code == .tooLarge)
    }

    @Test func `Changed packs never break the reader`() throws {
        var random = SeededRandom()
        var draft = PackDraft()
        let whole = draft.add(3, base)
        let next = draft.add(
            difference: PackDraft.difference(from: 330, keeping: 300, adding: [1, 2, 3]), to: whole)
        draft.add(difference: PackDraft.difference(from: 303, keeping: 3, adding: [1]), to: next)
        draft.add(
            difference: PackDraft.difference(from: 330, keeping: 3, adding: [1]),
            to: ObjectNaming().id(of: .blob, base))
        let sound = Array(draft.finished().dropLast(20))
        try withTemporaryDirectory { (folder) throws in
            var limits = FetchLimits()
            limits.objectBytes = 1 << 20
            for round in 0..<1500 {
                var bytes = sound
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 12..<bytes.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                // With a checksum that fits, so that what is read is looked at to its end.
                do {
                    let place = folder.appending("\(round)")
                    _ = try receive(bytes + SHA1.hash(of: bytes), limits: limits, in: place)
                } catch { #expect(error is WireError, "\(random)") }
            }
        }
    }
}

import Catalog
import Digest
import Dispatch
import Files
import Publishing
import Store
import Sync
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// Handing a post over once, at an arbiter that is a folder.
@Suite struct DeliveryTests {
    private let attempt = HandOffs.Attempt(1, at: "command")
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    /// A target that says what it is told to, and counts.
    private final class Counter: PublishingTarget {
        let results: Mutex<[HandOff]>
        let count = Mutex(0)
        let meanwhile: @Sendable () -> Void

        init(_ results: HandOff..., meanwhile: @escaping @Sendable () -> Void = {}) {
            self.results = Mutex(results)
            self.meanwhile = meanwhile
        }

        var handed: Int { count.withLock { $0 } }
        func obstacle(to publication: Publication) -> String? { nil }

        func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff {
            count.withLock { $0 += 1 }
            meanwhile()
            return results.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }
    }

    private func claim(
        _ content: String = "text", attempt: HandOffs.Attempt? = nil, at time: Timestamp? = nil
    ) throws -> Claim {
        func id(_ digit: String) -> String { String(repeating: digit, count: 32) }
        var random = RandomSource()
        return Claim(
            on: attempt ?? self.attempt, of: try #require(PostID(id("1"))),
            in: try #require(WorkspaceID(id("2"))), content: ContentHash(of: Array(content.utf8)),
            stamps: .ofNothing, by: try #require(PersonID(id("3"))), nonce: .random(using: &random),
            at: time ?? now)
    }

    private func publication(_ claim: Claim) -> Publication {
        Publication(of: claim.post, key: claim.key, at: now)
    }

    /// Lends an arbiter, and a maker of journals.
    private func withArbiter(
        _ body: (ReferenceArbiter, (String) -> HandOffJournal) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let path = folder.appending("band.git")
            try FolderRemote(at: path).make()
            let arbiter = ReferenceArbiter(references: try FolderReferences(ofStoreAt: path), remote: nil)
            try body(arbiter) { HandOffJournal(in: folder.appending($0)) }
        }
    }

    @Test func whatIsHandedOverStaysClaimedAndNoted() throws {
        for result in [HandOff.sent(links: [:]), .refused("no"), .unknown("cut")] {
            try withArbiter { arbiter, journal in
                let (claim, journal, target) = (try claim(), journal("one"), Counter(result))
                let came = try Delivery(with: arbiter, journal: journal).deliver(
                    claim, to: target, at: now, isOver: { _ in false }, current: { publication(claim) })
                #expect(came == .handedOver(result) && target.handed == 1)
                try #expect(arbiter.claims() == [claim])
                try #expect(journal.entries().map(\.stage) == [.over(result)])
            }
        }
    }

    @Test func whatIsNoted() throws {
        try withArbiter { arbiter, journal in
            let journal = journal("one")
            let claim = try claim()
            let stages = Mutex<[[HandOffJournal.Stage]]>([])
            let target = Counter(.sent(links: [:])) {
                stages.withLock { $0.append((try? journal.entries().map(\.stage)) ?? []) }
            }
            _ = try Delivery(with: arbiter, journal: journal).deliver(
                claim, to: target, at: now, isOver: { _ in false },
                current: {
                    stages.withLock { $0.append((try? journal.entries().map(\.stage)) ?? []) }
                    return publication(claim)
                })
            #expect(stages.withLock { $0 } == [[.claiming], [.handing]])
        }
    }

    @Test func whatWasNotReachedIsForgottenAndMayBeTriedAgain() throws {
        try withArbiter { arbiter, journal in
            let (journal, target) = (journal("one"), Counter(.unreached("away"), .sent(links: [:])))
            let delivery = Delivery(with: arbiter, journal: journal)
            for expected in [HandOff.unreached("away"), .sent(links: [:])] {
                let claim = try claim()
                let came = try delivery.deliver(
                    claim, to: target, at: now, isOver: { _ in false }, current: { publication(claim) })
                #expect(came == .handedOver(expected))
                if case .unreached = expected { try #expect(arbiter.claims().isEmpty && journal.isIdle) }
            }
            // Not a third time, whatever the arbiter knows by then.
            for claim in try arbiter.claims() { try arbiter.release(claim) }
            let again = try claim()
            let came = try delivery.deliver(
                again, to: target, at: now, isOver: { _ in false }, current: { publication(again) })
            #expect(came == .repeated && target.handed == 2)
            try #expect(arbiter.claims().isEmpty)
        }
    }

    @Test func whereSomebodyElseIsAtItNothingHappens() throws {
        try withArbiter { arbiter, journal in
            let (other, target) = (try claim(), Counter(.sent(links: [:])))
            try #expect(arbiter.make(other))
            let delivery = Delivery(with: arbiter, journal: journal("one"))
            // The same attempt, one with another content, and one with another number.
            for claim in [
                try claim(), try claim("other"), try claim(attempt: HandOffs.Attempt(2, at: "command")),
            ] {
                func deliver(at time: Timestamp, isOver: Bool = false) throws -> Delivery.Outcome {
                    try delivery.deliver(
                        claim, to: target, at: time, isOver: { _ in isOver }, current: { publication(claim) })
                }
                try #expect(deliver(at: now) == .lost(to: other))
                let late = Timestamp(milliseconds: now.milliseconds + 600_001)
                try #expect(deliver(at: late) == .abandoned(other))
                try #expect(arbiter.claims() == [other] && journal("one").isIdle && target.handed == 0)
            }
            // Another target is another matter, and so is a claim whose end is known.
            for (claim, isOver) in [
                (try claim(attempt: HandOffs.Attempt(1, at: "feed")), false), (try claim("other"), true),
            ] {
                let came = try delivery.deliver(
                    claim, to: target, at: now, isOver: { _ in isOver }, current: { publication(claim) })
                #expect(came == .handedOver(.sent(links: [:])))
            }
        }
    }

    @Test func whatIsNotToGoOutAnyMoreIsWithdrawn() throws {
        try withArbiter { arbiter, journal in
            let (claim, target) = (try claim(), Counter(.sent(links: [:])))
            for isStopped in [false, true] {
                let came = try Delivery(with: arbiter, journal: journal("one"), isStopped: { isStopped }).deliver(
                    claim, to: target, at: now, isOver: { _ in false },
                    current: { isStopped ? publication(claim) : nil })
                #expect(came == .withdrawn && target.handed == 0)
                try #expect(arbiter.claims().isEmpty && journal("one").isIdle)
            }
        }
    }

    @Test func whatCannotBeLookedAtIsNotSent() throws {
        struct Away: Error {}
        try withArbiter { arbiter, journal in
            let (claim, target) = (try claim(), Counter(.sent(links: [:])))
            #expect(throws: Away.self) {
                _ = try Delivery(with: arbiter, journal: journal("one")).deliver(
                    claim, to: target, at: now, isOver: { _ in false }, current: { throw Away() })
            }
            try #expect(target.handed == 0 && arbiter.claims().isEmpty && journal("one").isIdle)
        }
    }

    /// Many at once, each with a journal and a content of its own: one of them hands it over.
    @Test(arguments: [true, false]) func ofManyAtOnceNoTwoHandItOver(isSameContent: Bool) throws {
        let sentAtAll = Mutex(0)
        for round in 0..<25 {
            try withArbiter { arbiter, journal in
                let target = Counter(.sent(links: [:]))
                let failures = Mutex<[String]>([])
                let claims = try (0..<4).map { try claim(isSameContent ? "text" : "text \($0)") }
                let journals = (0..<4).map { journal("\($0)") }
                let now = now
                DispatchQueue.concurrentPerform(iterations: 4) { number in
                    let claim = claims[number]
                    do {
                        _ = try Delivery(with: arbiter, journal: journals[number]).deliver(
                            claim, to: target, at: now, isOver: { _ in false },
                            current: { Publication(of: claim.post, key: claim.key, at: now) })
                    } catch { failures.withLock { $0.append("\(error)") } }
                }
                #expect(failures.withLock { $0 }.isEmpty)
                #expect(target.handed <= 1, "round \(round)")
                // Of those with one content one always wins; others may all have seen each other.
                if isSameContent { #expect(target.handed == 1) }
                try #expect(arbiter.claims().count == target.handed)
                sentAtAll.withLock { $0 += target.handed }
            }
        }
        #expect(sentAtAll.withLock { $0 } > 0)
    }
}

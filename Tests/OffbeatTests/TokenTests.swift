import Catalog
import Digest
import Files
import Guests
import Offbeat
import TestSupport
import Testing

/// Tokens that let people in where a library is served.
@Suite struct TokenTests {
    @Test func theFileHoldsNoSecretAndIsForItsUserAlone() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let made = try place.library.makeToken(for: "ben", called: "phone")
            let file = place.path.appending("access/tokens.json")
            #expect(try FileSystem.status(of: file).mode & 0o777 == 0o600)
            #expect(try FileSystem.status(of: file.parent).mode & 0o777 == 0o700)
            let text = String(decoding: try FileSystem.read(file), as: UTF8.self)
            #expect(!text.contains(made.secret) && !text.contains(made.secret.dropFirst(8)))
            #expect(text.contains(made.token.digest.hex))
            #expect(try place.library.tokens(of: "ben") == [made.token])
            #expect(try place.library.tokens(of: "ana").isEmpty)
        }
    }

    @Test func aSecretIsKnownUntilItIsOverOrTakenBack() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let lookup = AccessTokenLookup(in: place.library)
            #expect(try lookup.token(of: "x") == nil)
            let short = try place.library.makeToken(for: "ana", timeToLive: 60_000)
            let long = try place.library.makeToken(for: "ben")
            #expect(try lookup.token(of: short.secret) == short.token)
            #expect(try lookup.token(of: long.secret) == long.token)
            #expect(try lookup.token(of: long.secret + "0") == nil)
            place.clock.pass(seconds: 60)
            #expect(try lookup.token(of: short.secret) == nil)
            #expect(try !lookup.isGood(short.token) && lookup.isGood(long.token))
            // As another process would.
            let other = try Library(at: place.path, context: place.clock.context)
            #expect(try other.revokeTokens(long.token.id) == [long.token])
            #expect(try lookup.token(of: long.secret) == nil)
            #expect(try place.library.tokens().isEmpty)
        }
    }

    @Test func allOfAPersonsAreTakenBackAtOnce() throws {
        try withPlace(people: ["ana", "ben"]) { place in
            let gone = try [place.library.makeToken(for: "ben").token, place.library.makeToken(for: "ben").token]
            let stays = try place.library.makeToken(for: "ana").token
            #expect(try place.library.revokeTokens("ben") == gone)
            #expect(try place.library.revokeTokens("ben").isEmpty)
            #expect(try place.library.tokens() == [stays])
            #expect(throws: Failure.self) { try place.library.revokeTokens("nobody") }
            #expect(throws: Failure.self) { try place.library.makeToken(for: "nobody") }
        }
    }

    @Test func aFileThatCannotBeReadLetsNobodyIn() throws {
        try withPlace(people: ["ana"]) { place in
            let made = try place.library.makeToken(for: "ana", timeToLive: 60_000)
            let file = place.path.appending("access/tokens.json")
            let text = String(decoding: try FileSystem.read(file), as: UTF8.self)
            let lookup = AccessTokenLookup(in: place.library)
            // An end that makes no sense must not be none.
            let broken = text.replacing("\"expires\":", with: "\"expires\": 1, \"x\":")
            #expect(broken != text)
            try FileSystem.write(Array(broken.utf8), to: file)
            #expect(try lookup.token(of: made.secret) == nil)
            try FileSystem.write([1, 2, 3], to: file)
            #expect(throws: Failure.self) { try lookup.token(of: made.secret) }
            #expect(throws: Failure.self) { try place.library.makeToken(for: "ana") }
        }
    }

    @Test func aGuestHasNothingToDoWithTokens() throws {
        try withPlace(people: ["ana"]) { place in
            let made = try place.session.startGuest()
            let guest = try Library(at: made.guest.path, context: place.clock.context)
            #expect(throws: Failure.self) { try guest.makeToken(for: "ana") }
            #expect(throws: Failure.self) { try guest.tokens() }
            #expect(throws: Failure.self) { try guest.revokeTokens("ana") }
        }
    }
}

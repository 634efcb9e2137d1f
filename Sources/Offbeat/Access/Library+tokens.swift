import Catalog
import Digest
import Files
import Store

extension Library {
    /// Makes a token that lets a person in where this library is served; the second value is the secret, which nobody can have
    /// again.
    ///
    /// - Parameter timeToLive: for how many milliseconds it is good; nil for as long as nobody takes it back.
    public func makeToken(
        for name: String, called purpose: String? = nil, timeToLive: Int64? = nil
    ) throws(Failure) -> (token: AccessToken, secret: String) {
        do {
            try refuseGuests("make tokens")
            let person = try store.snapshot().people().one(named: name)
            var random = context.random
            let secret = "offbeat_" + (0..<4).map { _ in Self.digits(of: random.next()) }.joined()
            let now = Int64(clamping: context.now())
            let token = AccessToken(
                id: String(Self.digits(of: random.next()).prefix(12)), person: person.id, name: purpose,
                created: now, expires: timeToLive.map { now.addingReportingOverflow($0).partialValue },
                digest: AccessToken.digest(of: secret))
            try changeTokens { $0.add(token) }
            return (token, secret)
        } catch { throw Failure(error) }
    }

    private static func digits(of number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The tokens that are good now, the oldest first; those of a person where one is named.
    public func tokens(of name: String? = nil) throws(Failure) -> [AccessToken] {
        do {
            try refuseGuests("see tokens")
            let person = try name.map { try store.snapshot().people().one(named: $0).id }
            let now = Int64(clamping: context.now())
            return try AccessTokens.read(in: path).all.filter { token in
                token.isGood(at: now) && (person == nil || token.person == person)
            }
        } catch { throw Failure(error) }
    }

    /// Takes back the token of an id, or all of a person's; from now on they let nobody in, whatever process serves the library.
    public func revokeTokens(_ name: String) throws(Failure) -> [AccessToken] {
        do {
            try refuseGuests("take back tokens")
            let people = try store.snapshot().people().filter { $0.handle?.text == name || $0.id.hex == name }
            let now = Int64(clamping: context.now())
            var gone: [AccessToken] = []
            try changeTokens { tokens in
                let named = tokens.all.filter { token in
                    token.id == name || people.contains { $0.id == token.person }
                }
                gone = named
                tokens.remove(at: now) { named.contains($0) }
            }
            if gone.isEmpty, people.isEmpty {
                throw Failure(
                    .notFound, "there is neither a token nor a person called \(name)",
                    hint: "`offbeat user tokens` lists the tokens")
            }
            return gone
        } catch { throw Failure(error) }
    }

    private func changeTokens(_ change: (inout AccessTokens) -> Void) throws {
        try store.exclusively { _ in
            var tokens = try AccessTokens.read(in: path)
            change(&tokens)
            try tokens.write(in: path)
        }
    }
}

/// Looks tokens up for a program that serves a library: what another process has taken back is not good a moment longer.
///
/// The file is read at each question, which costs a few microseconds; it is only understood anew where it has changed.
public final class AccessTokenLookup: Sendable {
    private let library: Library
    private let known = Memory()

    /// Looks them up in a library.
    public init(in library: Library) { self.library = library }

    /// The token that this is the secret of; nil where it is none that is good now.
    public func token(of secret: String) throws(Failure) -> AccessToken? {
        try find { [digest = AccessToken.digest(of: secret)] in $0.digest == digest }
    }

    /// Whether a token is still good.
    public func isGood(_ token: AccessToken) throws(Failure) -> Bool { try find { $0 == token } != nil }

    private func find(_ isMeant: (AccessToken) -> Bool) throws(Failure) -> AccessToken? {
        guard let bytes = try AccessTokens.bytes(in: library.path) else { return nil }
        let now = Int64(clamping: library.context.now())
        return try known.tokens(bytes, in: library.path).all.first { isMeant($0) && $0.isGood(at: now) }
    }
}

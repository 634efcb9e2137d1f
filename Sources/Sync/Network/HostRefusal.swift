/// What it means that a host will not move a reference, as its words tell. The article <doc:Forges> lists them.
struct HostRefusal {
    /// What follows.
    let error: SyncError
    /// Whether it only minds that a branch is rewritten.
    let isOfForce: Bool

    /// - Parameters:
    ///   - reason: what the report says of the reference.
    ///   - lines: what the server said besides.
    init(_ reason: String, _ lines: [String], of reference: String, at place: String) {
        let all = ([reason] + lines.filter { !reason.contains($0) }).joined(separator: ": ")
        let shown = all.count > Self.limit ? all.prefix(Self.limit - 1) + "…" : all
        let small = all.lowercased()
        func says(_ words: [String]) -> Bool { words.contains { small.contains($0) } }
        isOfForce = says(["not allowed to force push", "cannot force-push", "protected from force push"])
        let meaning = Self.meanings.first { says($0.words) }
        let isBranch = reference.hasPrefix("refs/heads/")
        let name = isBranch ? String(reference.dropFirst("refs/heads/".count)) : reference
        let otherwise =
            isBranch
            ? "ask whoever keeps it to allow that; nothing here was changed"
            : "ask whoever keeps it to allow references below refs/offbeat/"
        error = SyncError(
            meaning?.code ?? .denied, "\(place) does not let you change \(name): \(shown)",
            hint: meaning.map { $0.hint.replacing("BRANCH", with: name) } ?? otherwise)
    }

    /// As much as people read.
    private static let limit = 400

    private struct Meaning {
        let words: [String]
        let hint: String
        var code = SyncError.Code.denied
    }

    /// Those that say most come first.
    private static let meanings = [
        Meaning(
            words: ["rate limit", "too many times", "due to load"],
            hint: "try again later; what was done so far stays", code: .offline),
        Meaning(
            words: ["gh009", "integrity could not be checked"],
            hint: "try again; it was more than the host looks at in time", code: .offline),
        Meaning(
            words: [
                "quota", "lfs budget", "exceeded its size limit", "exceed the size limit", "over the size limit",
            ],
            hint: "make room there, or buy more", code: .noSpace),
        Meaning(
            words: ["pack exceeds maximum"], hint: "it is more than the host takes at once: ask whoever keeps it",
            code: .refused),
        Meaning(
            words: ["gh001", "100mib", "100.00 mb", "file size limit"],
            hint: "a record is larger than the host takes", code: .refused),
        Meaning(
            words: ["gh008", "lfs objects are missing"],
            hint: "run offbeat sync again: it brings the files that the host lacks", code: .refused),
        Meaning(
            words: ["missing necessary objects"], hint: "offbeat fsck tells what is missing", code: .refused),
        Meaning(
            words: ["must not contain merge commits"],
            hint: "switch off the rule for a linear history of BRANCH there"),
        Meaning(
            words: ["verified signatures", "unverified commit"],
            hint: "switch off the rule for signed commits there"),
        Meaning(
            words: ["verified emails", "committer email", "not committer"],
            hint: "switch off the check of committers there"),
        Meaning(
            words: ["gh007", "private email address"],
            hint: "let your address be the one that ends in noreply.github.com, or switch the check off there"),
        Meaning(
            words: ["through a pull request", "tf402455"],
            hint: "switch off the rule for pull requests to BRANCH there"),
        Meaning(
            words: ["can not update more than"],
            hint: "let the people of the team change more branches at once there"),
        Meaning(
            words: ["push code to protected branches"],
            hint: "a Maintainer has to let Developers push to BRANCH there"),
        Meaning(
            words: ["does not yet exist"], hint: "a Maintainer has to make the first push"),
        Meaning(words: ["creations being restricted"], hint: "allow BRANCH in the host's rule for new branches"),
        Meaning(words: ["is locked in git lfs"], hint: "ask for the file to be unlocked"),
        Meaning(
            words: ["cannot contain secrets", "secret scanning"],
            hint: "the host takes something for a password: allow it at the address that it names"),
        Meaning(
            words: ["not allowed to force push", "cannot force-push", "protected from force push"],
            hint: "the host does not let BRANCH be rewritten: ask whoever keeps it"),
        Meaning(
            words: [
                "hidden ref", "unresolvabletocommit", "neither commit or tag", "is illegal", "prohibited by gerrit",
            ],
            hint: "the host keeps such references to itself: use another"),
        Meaning(
            words: ["refname conflict", "cannot create"],
            hint: "another reference is in the way there: take it away"),
        Meaning(
            words: ["archived", "mirror repository", "is read-only"],
            hint: "the repository there, or this key, may only be read"),
        Meaning(
            words: ["gh006", "gh013", "protected branch", "denied to update branch"],
            hint: "the host protects BRANCH: whoever keeps it has to let you push"),
        Meaning(
            words: ["push to create is not enabled"], hint: "make the repository on the host first", code: .refused),
    ]
}

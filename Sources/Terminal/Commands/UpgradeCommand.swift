import Catalog
import Offbeat
import Store

/// `upgrade`.
enum UpgradeCommand {
    static let command = Command(
        "upgrade", in: .care, summary: "Raise the store to the newest format that this program writes",
        discussion: """
            A store says which format it is written in and by which rules its copies are merged. Only this command \
            raises either; until then every copy goes on with what it has. There is one of each so far, so there is \
            nothing to raise. A store of a newer format is left alone by every command.
            """,
        json: #"{"format","merge","upgraded":bool}"#, exits: [.refused],
        run: { invocation in
            let outcome = try Workplace(invocation).library().upgrade()
            let document: JSON = [
                "format": .integer(Int64(outcome.format)), "merge": .integer(Int64(outcome.mergeRules)),
                "upgraded": .bool(outcome.isUpgraded),
            ]
            return Reply(json: document) { page in
                let verb = outcome.isUpgraded ? "Raised to" : "The newest already:"
                page.remark("\(verb) format \(String(outcome.format)), merge rules \(String(outcome.mergeRules))")
            }
        })
}

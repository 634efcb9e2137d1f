import Git
public import Network

extension SyncError {
    /// Says what it means for a sync that another computer did not do what was asked.
    public init(_ error: NetworkError) {
        let code: Code =
            switch error.code {
            case .offline: .offline
            case .denied: .denied
            case .refused, .missing: .refused
            case .noSpace: .noSpace
            case .stopped: .stopped
            case .local: .io
            }
        self.init(code, error.message, hint: error.hint)
    }

    /// Says what it means that a conversation with a git server came to nothing.
    init(_ error: WireError, at place: String) {
        if let cause = error.cause as? NetworkError {
            self.init(cause)
            return
        }
        let words = error.words ?? ""
        switch error.code {
        case .cutOff, .unanswered:
            self.init(
                .offline, "\(place): \(error)", hint: "try again later; what was done so far stays")
        case .stopped: self.init(.stopped, "the sync with \(place) was stopped")
        case .refusedByServer where words.contains("not our ref"):
            self.init(.raceLost, "somebody else was faster at \(place)", hint: "try again")
        case .damagedPack:
            self.init(
                .damaged, "\(place): \(error)", hint: "nothing here was changed; try again, or ask who keeps it")
        default: self.init(.refused, "\(place): \(error)", hint: "check the URL, or ask who keeps the server")
        }
    }

    /// Says what anything means that is thrown while versions travel.
    static func ofTravel(_ error: any Error, at place: String) -> any Error {
        switch error {
        case let error as NetworkError: SyncError(error)
        case let error as WireError: SyncError(error, at: place)
        default: error
        }
    }
}

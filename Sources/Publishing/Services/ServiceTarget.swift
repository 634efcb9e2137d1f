import HTTP

/// A publishing service with an API in the shape of Ayrshare's, which posts to platforms in our name.
///
/// A post is sent as `POST /post` with its text, its platforms and the addresses of its files, under its key, which the
/// service takes each post under only once. So it is sent again where no answer came, with the same key, and what can be
/// concluded from all answers together is told at the end. `GET /post/ID` is asked for links that are not there at once.
///
/// - The text is the title, a blank line, and the text of the post; either alone where there is no other.
/// - No time goes with it: it is handed over when it is due.
/// - The token leaves for the service's own host only, by TLS or to this computer, and is in no text that is told.
public struct ServiceTarget: PublishingTarget {
    /// How it is asked.
    public let settings: ServiceSettings
    private let token: String?
    private let client: HTTPClient
    private let pace: ServicePace

    /// Describes a service, and what it knows us by here.
    public init(_ settings: ServiceSettings, token: String?) {
        // It answers when the platforms have answered it, which takes a while where a film is looked at.
        var patient = HTTPClient.Settings()
        patient.activityTimeout = .seconds(120)
        patient.userAgent = "offbeat"
        self.init(settings, token: token, by: HTTPClient(patient), pace: ServicePace())
    }

    init(_ settings: ServiceSettings, token: String?, by client: HTTPClient, pace: ServicePace) {
        self.settings = settings
        self.token = token
        self.client = client
        self.pace = pace
    }

    /// Why nothing can be handed over from here as things are.
    public func obstacle(to publication: Publication) -> String? {
        switch ServiceRequest.make(for: publication, settings, token: token) {
        case .success: nil
        case .failure(let obstacle): obstacle.words
        }
    }

    /// Sends the post until there is an answer that says what became of it, or no time left.
    public func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff {
        switch ServiceRequest.make(for: publication, settings, token: token) {
        case .failure(let obstacle): return .unreached(obstacle.words)
        case .success(let request):
            let visit = ServiceVisit(request, by: client, pace: pace, until: deadline)
            return visit.handOff(isStopped: isStopped)
        }
    }
}

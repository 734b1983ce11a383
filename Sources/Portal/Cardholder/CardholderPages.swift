import Hummingbird
import Web

/// The pages of people who ask for a refund; nobody needs an account.
struct CardholderPages: Sendable {
    private let parts: PortalParts

    init(_ parts: PortalParts) {
        self.parts = parts
    }

    static var views: [any View.Type] {
        [
            StartView.self, FindView.self, FoundView.self, NotAskableView.self, ReasonView.self, AmountView.self,
            ProofView.self, ContactView.self, CodeView.self, CheckView.self, DoneView.self, TrackView.self,
            OwnCaseView.self, OwnAmountView.self, OwnDestinationView.self, OwnAppealView.self, OwnProofView.self,
            OwnContactView.self, ChangedView.self, RecordView.self,
        ]
    }

    static var words: [String] {
        FindForm.words + FindView.words + FoundView.words + NotAskableView.words + ReasonView.words + AmountView.words
            + ProofUpload.words + ProofView.words + ContactView.words + CodeView.words + CheckView.words
            + DoneView.words + TrackView.words + OwnCaseView.words + OwnAmountView.words + OwnDestinationView.words
            + OwnAppealView.words + ["cardholder.zone.china"]
    }

    func add(to router: Router<PortalContext>) {
        StartRoutes(parts).add(to: router)
        FindRoutes(parts).add(to: router)
        FoundRoutes(parts).add(to: router)
        ReasonRoutes(parts).add(to: router)
        AmountRoutes(parts).add(to: router)
        ProofRoutes(parts).add(to: router)
        ContactRoutes(parts).add(to: router)
        CodeRoutes(parts).add(to: router)
        CheckRoutes(parts).add(to: router)
        TrackRoutes(parts).add(to: router)
        OwnCaseRoutes(parts).add(to: router)
        LiveRoutes(parts).add(to: router)
    }
}

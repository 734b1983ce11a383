import RefundDomain
import Web
import Words

/// The words of codes on staff pages.
struct CaseWords: Sendable {
    let phrases: Phrases

    init(_ phrases: Phrases) {
        self.phrases = phrases
    }

    func state(_ state: RefundCase.State) -> String { phrases.text("staff.state.\(state.rawValue)") }

    func tag(_ state: RefundCase.State) -> StateTag { StateTag(self.state(state), CaseWords.tone(state)) }

    func reason(_ reason: RequestReason?) -> String {
        reason.map { phrases.text("staff.reason.\($0.rawValue)") } ?? phrases.text("staff.none")
    }

    func proof(_ kind: ProofKind) -> String { phrases.text("staff.proof.\(kind.rawValue)") }

    func decline(_ reason: DeclineReason) -> String { phrases.text("staff.decline.\(reason.rawValue)") }

    func remedy(_ remedy: Remedy) -> String { phrases.text("staff.remedy.\(remedy.rawValue)") }

    func check(_ check: Check) -> String { phrases.text("staff.check.\(check.rawValue)") }

    func role(_ role: Role) -> String { phrases.text("staff.role.\(role.rawValue)") }

    func movement(_ state: Movement.State) -> String { phrases.text("staff.movement.\(state.rawValue)") }

    func movementTag(_ state: Movement.State) -> StateTag { StateTag(movement(state), CaseWords.tone(state)) }

    func channel(_ channel: Channel?) -> String {
        channel.map { phrases.text("staff.channel.\($0.rawValue)") } ?? phrases.text("staff.channel.none")
    }

    /// What a channel's code means, with the code itself; the code alone where we have no words for it.
    func channelCode(_ code: String) -> String {
        let key = "staff.channel-code.\(code)"
        guard phrases.pattern(key) != nil else { return phrases.text("staff.channel-code", ["code": code]) }
        return phrases.text("staff.channel-code.with", ["words": phrases.text(key), "code": code])
    }

    private static func tone(_ state: RefundCase.State) -> Tone {
        switch state {
        case .submitted, .inReview, .awaitingSecond, .appealed: .turn
        case .infoNeeded, .counterOffered: .moving
        case .approved: .arrived
        case .declined: .stopped
        case .draft, .withdrawn, .expired, .closed: .calm
        }
    }

    private static func tone(_ state: Movement.State) -> Tone {
        switch state {
        case .planned, .ready, .sending, .accepted, .atBank: .moving
        case .waitingFunds, .unknown, .needsPayeeAction, .returned: .turn
        case .succeeded, .arrived, .givenOutside: .arrived
        case .failed: .stopped
        case .rerouted, .givenBack, .unclaimed, .cancelled: .calm
        }
    }

    /// The keys that are put together here, for checking at start.
    static var keys: [String] {
        var keys = RefundCase.State.allCases.map { "staff.state.\($0.rawValue)" }
        keys += RequestReason.allCases.map { "staff.reason.\($0.rawValue)" }
        keys += ProofKind.allCases.map { "staff.proof.\($0.rawValue)" }
        keys += DeclineReason.allCases.map { "staff.decline.\($0.rawValue)" }
        keys += Remedy.allCases.map { "staff.remedy.\($0.rawValue)" }
        keys += Check.allCases.map { "staff.check.\($0.rawValue)" }
        keys += Role.allCases.map { "staff.role.\($0.rawValue)" }
        keys += Movement.State.allCases.map { "staff.movement.\($0.rawValue)" }
        keys += Channel.allCases.map { "staff.channel.\($0.rawValue)" }
        return keys + ["staff.none", "staff.channel.none", "staff.channel-code", "staff.channel-code.with"]
    }
}

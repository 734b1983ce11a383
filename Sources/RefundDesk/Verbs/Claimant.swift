import RefundDomain
import Storage

/// Somebody of the staff who acts for a cardholder: as an agent, never as the person, and so one of the case's makers.
public struct OnBehalf: Sendable, Hashable {
    /// Of support, or the clerk at the merchant's counter.
    public let staff: StaffMember
    /// Whether the cardholder agreed, as the agent says and the record keeps.
    public let consent: Bool

    public init(staff: StaffMember, consent: Bool) {
        self.staff = staff
        self.consent = consent
    }
}

/// Who acts on the cardholder's side of a case.
public enum Claimant: Sendable, Hashable {
    /// The session of the person, who came by a code or by the private link.
    case visitor(String)
    /// Somebody of the staff with the person's consent.
    case agent(OnBehalf)

    var kind: ActorKind {
        switch self {
        case .visitor: .cardholder
        case .agent: .agent
        }
    }

    var actor: Actor {
        switch self {
        case .visitor: .cardholder
        case .agent(let behalf): behalf.staff.actor
        }
    }

    /// The word in a file's row for who uploaded it.
    var uploader: String {
        switch self {
        case .visitor: "cardholder"
        case .agent(let behalf): behalf.staff.id
        }
    }

    /// What the record keeps of the consent.
    var facts: [String: String] {
        switch self {
        case .visitor: [:]
        case .agent: ["consent": "yes"]
        }
    }
}

extension OnBehalf? {
    /// Who begins, changes or sends a draft.
    var actor: Actor { self?.staff.actor ?? .cardholder }

    /// Where a request comes from: the web, the merchant's counter or the support desk.
    var intake: String {
        switch self?.staff.role {
        case nil: "web"
        case .clerk, .reviewer, .approver, .merchantAdmin: "counter"
        case .support, .finance, .operatorReviewer, .operatorAdmin: "support"
        }
    }

    /// The word in a file's row for who uploaded it.
    var uploader: String { self?.staff.id ?? "cardholder" }
}

extension Desk {
    /// The case, for somebody on the cardholder's side who wants to use a command.
    ///
    /// - Parameter byLink: whether the private link alone is enough.
    /// - Throws: ``Refusal/notFound``, ``Refusal/contactUnproved``, ``Refusal/notAllowed``,
    ///   ``Refusal/consentMissing``.
    func claimed(
        _ number: CaseNumber, by claimant: Claimant, to command: RefundCase.Command, byLink: Bool = false,
        at now: Moment, _ sql: any SQLReading
    ) throws -> CaseRow {
        switch claimant {
        case .visitor(let token):
            return byLink ? try seen(number, by: token, at: now, sql).row : try own(number, of: token, at: now, sql)
        case .agent(let behalf):
            guard let row = try CaseTable.find(number: number, sql), row.wasSent,
                behalf.staff.sees(row.merchantID)
            else { throw Refusal.notFound }
            try requireAgent(behalf, command, of: row.merchantID)
            return row
        }
    }

    /// Refuses whoever may not act for a cardholder, or has no consent to.
    func requireAgent(
        _ behalf: OnBehalf?, _ command: RefundCase.Command, of merchantID: String
    ) throws(Refusal) {
        guard let behalf else { return }
        guard behalf.staff.sees(merchantID) else { throw .notFound }
        guard behalf.staff.role.kinds.contains(.agent), behalf.staff.role.may(command) else { throw .notAllowed }
        guard behalf.consent else { throw .consentMissing }
    }
}

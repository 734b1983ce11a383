import RefundDomain

/// The addresses of staff pages below the ones that ``Paths`` names.
extension Paths {
    static let staffHome = "/staff"
    /// The second page of signing in, for those without their authenticator.
    static let staffRecovery = "/staff/sign-in/recovery"
    /// Where somebody who is signed in proves anew who they are.
    static let staffProve = "/staff/prove"
    /// One's own account.
    static let staffAccount = "/staff/account"
    /// The people of a merchant, and of the operator.
    static let merchantPeople = "/merchant/people"
    static let supportPeople = "/support/people"

    /// The link of an invitation, below the portal's own address.
    static func staffJoin(_ token: String) -> String { "/staff/join/\(token)" }

    /// What waits for a decision of the operator's people.
    static let supportQueue = "/support/queue"
    /// Money that does not move by itself.
    static let supportStuck = "/support/stuck"
    /// Where channels' files and our refunds differ.
    static let supportReconciliation = "/support/reconciliation"
    /// The same of one merchant.
    static let merchantReconciliation = "/merchant/reconciliation"
    /// Batches of refunds that people pay.
    static let supportPayouts = "/support/payouts"
    /// Issuing banks: whom to call, and which bank a card is of.
    static let supportIssuers = "/support/issuers"
    static let supportChannels = "/support/channels"
    static let merchantChannels = "/merchant/channels"

    /// A case as its merchant's people see it.
    static func merchantCase(_ number: CaseNumber) -> String { "/merchant/cases/\(number.text)" }

    /// A case as the support desk sees it.
    static func supportCase(_ number: CaseNumber) -> String { "\(supportCases)/\(number.text)" }
}

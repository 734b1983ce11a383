import RefundDomain

/// Every address of the portal's pages in one place.
enum Paths {
    static let start = "/"
    static let find = "/find"
    static let request = "/request"
    static let reason = "/request/reason"
    static let amount = "/request/amount"
    static let proof = "/request/proof"
    static let contact = "/request/contact"
    static let code = "/request/contact/code"
    static let check = "/request/check"
    static let done = "/request/done"
    static let track = "/track"

    /// The private link of a case, below the portal's own address.
    static func link(_ token: String) -> String { "/t/\(token)" }

    static func cases(_ number: CaseNumber) -> String { "/cases/\(number.text)" }

    /// A page or form of one case.
    static func cases(_ number: CaseNumber, _ part: CasePart) -> String { "\(cases(number))/\(part.rawValue)" }

    /// The page that opens a case by a code, with its number filled in.
    static func track(_ number: CaseNumber) -> String { "\(track)?case=\(number.text)" }

    /// What lies below a case's own page.
    enum CasePart: String {
        case proof
        case contact
        case record
        case events
        case answer
        case withdraw
        case acceptOffer = "accept-offer"
        case refuseOffer = "refuse-offer"
        case appeal
        case arrived
        case notArrived = "not-arrived"
        case wrongAmount = "wrong-amount"
        case destination
    }

    /// A drawn page of a file below a page of proof.
    static func proofPage(_ folder: String, _ id: String, _ page: Int64) -> String { "\(folder)/\(id)/pages/\(page)" }

    static let staffSignIn = "/staff/sign-in"
    static let staffCode = "/staff/sign-in/code"
    static let staffSignOut = "/staff/sign-out"
    static let merchantQueue = "/merchant/queue"
    static let supportCases = "/support/cases"
    static let merchantPolicy = "/merchant/policy"
    static let supportPolicies = "/support/policies"
    static let demoMessages = "/demo/messages"

    /// Addresses whose callers prove themselves by signature or key; cookies mean nothing there.
    static let machinePrefixes = ["/callbacks/", "/api/v1/"]
}

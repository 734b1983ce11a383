import RefundDesk
import RefundDomain

/// The two desks from which a case is looked at; each has addresses of its own for the same page.
enum CaseDesk: Sendable, Hashable {
    case merchant
    case support

    /// Below which a case's forms and files lie.
    func folder(_ number: String) -> String {
        switch self {
        case .merchant: "/merchant/cases/\(number)"
        case .support: "\(Paths.supportCases)/\(number)"
        }
    }

    /// The page on which a case is decided.
    func review(_ number: String) -> String {
        switch self {
        case .merchant: folder(number)
        case .support: "\(folder(number))/review"
        }
    }

    var area: StaffArea {
        switch self {
        case .merchant: .queue
        case .support: .supportQueue
        }
    }
}

/// A request of somebody who may see cases, from one of the two desks.
protocol CaseContext: SignedInContext {
    static var desk: CaseDesk { get }
    /// Whose cases they are.
    var scope: CaseScope { get }
}

extension MerchantContext: CaseContext {
    static var desk: CaseDesk { .merchant }
    var scope: CaseScope { .merchant(merchant) }
}

extension SupportContext: CaseContext {
    static var desk: CaseDesk { .support }
    var scope: CaseScope { .every(everyMerchant) }
}

import HTTPTypes
import Hummingbird
import RefundDesk
import RefundDomain

/// Who may use which staff address: the one table of routes and roles. What does not stand here is open to nobody.
enum Permissions {
    /// One row: these roles may use this address in this way.
    struct Rule: Sendable {
        let method: HTTPRequest.Method
        /// As the router names it: `/merchant/cases/{number}`.
        let path: String
        let roles: Set<Role>

        init(_ method: HTTPRequest.Method, _ path: String, _ roles: Set<Role>) {
            self.method = method
            self.path = path
            self.roles = roles
        }
    }

    private static let everybody = Set(Role.allCases)
    /// Everybody who belongs to a merchant: they see its cases.
    private static let merchant: Set<Role> = [.clerk, .reviewer, .approver, .merchantAdmin]
    /// Those of a merchant who decide.
    private static let deciders: Set<Role> = [.reviewer, .approver]
    /// Those of a merchant who work on cases, at the desk or at the counter.
    private static let writers: Set<Role> = [.clerk, .reviewer, .approver]
    /// Those of a merchant who may read the rules that they go by; admins alone change them.
    private static let policyReaders: Set<Role> = [.reviewer, .approver, .merchantAdmin]
    /// The operator's people who see every merchant's cases.
    private static let support: Set<Role> = [.support, .finance, .operatorReviewer]

    /// Those of the operator who decide, or agree as the second of two.
    private static let operatorReview: Set<Role> = support.filter {
        !$0.kinds.isDisjoint(with: [.reviewer, .approver])
    }

    static let table: [Rule] =
        [
            Rule(.get, "/staff", everybody),
            Rule(.post, Paths.staffProve, everybody),
            Rule(.get, Paths.staffAccount, everybody),
            Rule(.get, AccountRoutes.authenticator, everybody),
            Rule(.post, AccountRoutes.signOut, everybody),
            Rule(.get, "/merchant/queue", merchant),
            Rule(.get, "/merchant/cases/{number}", merchant),
            Rule(.get, "/merchant/cases/{number}/proof/{id}", deciders),
            Rule(.get, "/merchant/cases/{number}/proof/{id}/pages/{page}", merchant),
            Rule(.post, "/merchant/cases/{number}/take", deciders),
            Rule(.post, "/merchant/cases/{number}/approve", deciders),
            Rule(.post, "/merchant/cases/{number}/offer", deciders),
            Rule(.post, "/merchant/cases/{number}/ask", deciders),
            Rule(.post, "/merchant/cases/{number}/decline", deciders),
            Rule(.post, "/merchant/cases/{number}/second", merchant.filter { $0.may(.approveSecond) }),
            Rule(.post, "/merchant/cases/{number}/undo", merchant.filter { $0.may(.undo) }),
            Rule(.post, "/merchant/cases/{number}/proof-verdict", deciders),
            Rule(.post, "/merchant/cases/{number}/note", writers),
            Rule(.get, "/merchant/policy", policyReaders),
            Rule(.get, "/merchant/policy/propose", [.merchantAdmin]),
            Rule(.post, "/merchant/policy/propose", [.merchantAdmin]),
            Rule(.get, "/merchant/policy/{id}", policyReaders),
            Rule(.post, "/merchant/policy/{id}/confirm", [.merchantAdmin]),
            Rule(.post, "/merchant/policy/{id}/refuse", [.merchantAdmin]),
            Rule(.get, "/support/policies", [.finance]),
            Rule(.get, "/support/policies/{merchant}", [.finance]),
            Rule(.get, "/support/policies/{merchant}/propose", [.finance]),
            Rule(.post, "/support/policies/{merchant}/propose", [.finance]),
            Rule(.get, "/support/policies/{merchant}/{id}", [.finance]),
            Rule(.post, "/support/policies/{merchant}/{id}/confirm", [.finance]),
            Rule(.post, "/support/policies/{merchant}/{id}/refuse", [.finance]),
            Rule(.get, "/support/queue", operatorReview),
            Rule(.get, "/support/stuck", support),
            Rule(.get, "/support/issuers", support),
            Rule(.post, "/support/issuers", support),
            Rule(.get, "/support/reconciliation", support),
            Rule(.get, "/support/reconciliation/{id}", support),
            Rule(.post, "/support/reconciliation/{id}/close", support.filter(\.closesDifferences)),
            Rule(.get, "/support/channels", support),
            Rule(.get, "/merchant/channels", policyReaders),
            Rule(.get, "/merchant/reconciliation", policyReaders),
            Rule(.get, "/merchant/reconciliation/{id}", policyReaders),
            Rule(.get, "/support/cases/{number}/review", operatorReview),
            Rule(.post, "/support/cases/{number}/take", support.filter { $0.may(.take) }),
            Rule(.post, "/support/cases/{number}/approve", support.filter { $0.may(.approve) }),
            Rule(.post, "/support/cases/{number}/second", support.filter { $0.may(.approveSecond) }),
            Rule(.post, "/support/cases/{number}/offer", support.filter { $0.may(.offer) }),
            Rule(.post, "/support/cases/{number}/ask", support.filter { $0.may(.ask) }),
            Rule(.post, "/support/cases/{number}/decline", support.filter { $0.may(.decline) }),
            Rule(.post, "/support/cases/{number}/undo", support.filter { $0.may(.undo) }),
            Rule(.post, "/support/cases/{number}/proof-verdict", [.operatorReviewer]),
            Rule(.get, "/support/cases", support),
            Rule(.get, "/support/cases/{number}", support),
            Rule(.get, "/support/cases/{number}/proof/{id}", support),
            Rule(.get, "/support/cases/{number}/proof/{id}/pages/{page}", support),
            Rule(.post, "/support/cases/{number}/note", support),
            Rule(.post, "/support/cases/{number}/query-channel", support),
            Rule(.post, "/support/cases/{number}/contact", support),
            Rule(.post, "/support/cases/{number}/answer", support.filter(\.answersEnquiries)),
            Rule(.post, "/support/cases/{number}/replace", [.finance]),
            Rule(.post, "/support/cases/{number}/advance", [.finance]),
            Rule(.post, "/support/cases/{number}/block", [.finance, .operatorReviewer]),
            Rule(.post, "/support/cases/{number}/unblock", [.finance, .operatorReviewer]),
            Rule(.get, "/support/cases/{number}/proposals/{proposal}", support),
            Rule(.post, "/support/cases/{number}/proposals/{proposal}/confirm", JointAction.everyConfirmer),
            Rule(.post, "/support/cases/{number}/proposals/{proposal}/refuse", support),
        ] + joint + behalf + payouts + people + AccountRoutes.forms.map { Rule(.post, $0, everybody) }

    /// Each action that takes two people has its form, open to those who may propose it.
    private static let joint: [Rule] = JointAction.paths.flatMap { path, roles in
        [.get, .post].map { method in Rule(method, "/support/cases/{number}/\(path)", roles) }
    }

    /// Batches that people pay: finance makes them and brings the banks' files, another releases and confirms.
    private static let payouts: [Rule] = {
        let makers = support.filter(\.makesBatches)
        let both = support.filter(\.releasesBatches)
        return [
            Rule(.get, "/support/payouts", both),
            Rule(.post, "/support/payouts", makers),
            Rule(.get, "/support/payouts/{id}", both),
            Rule(.post, "/support/payouts/{id}/release", both),
            Rule(.post, "/support/payouts/{id}/discard", both),
            Rule(.get, "/support/payouts/{id}/file/{form}", makers),
            Rule(.post, "/support/payouts/{id}/answers", makers),
            Rule(.get, "/support/payouts/{id}/answers/{answer}", both),
            Rule(.post, "/support/payouts/{id}/answers/{answer}/confirm", both),
            Rule(.post, "/support/payouts/{id}/answers/{answer}/refuse", both),
        ]
    }()

    /// Each house's people are kept by its own administrators.
    private static let people: [Rule] = [
        (Paths.merchantPeople, Role.merchantAdmin), (Paths.supportPeople, .operatorAdmin),
    ].flatMap { base, role in
        [Rule(.get, base, [role]), Rule(.get, PeoplePath.person(base, "{person}"), [role])]
            + PeoplePath.forms(base).map { Rule(.post, $0, [role]) }
    }

    /// What support does with a cardholder on the line, and for one.
    private static let behalf: [Rule] = BehalfAct.allCases.flatMap { act in
        [.get, .post].map { method in Rule(method, "/support/cases/{number}/\(act.path)", act.roles) }
    }

    /// The folders whose routes need a row.
    private static let guarded = ["/staff", "/merchant", "/support"]
    /// What people reach before they are signed in, and the way out.
    private static let open: Set<String> = [
        Paths.staffSignIn, Paths.staffCode, Paths.staffRecovery, Paths.staffSignOut, Paths.staffJoin("{token}"),
    ]

    /// Whether somebody of a role may use an address; a page that may be read may be asked for its head.
    static func allow(_ role: Role, _ method: HTTPRequest.Method, _ path: String?) -> Bool {
        let wanted = method == .head ? .get : method
        return table.contains { $0.method == wanted && $0.path == path && $0.roles.contains(role) }
    }

    /// Staff routes that have no row in the table; there must be none.
    static func missing(in routes: [(method: HTTPRequest.Method, path: String)]) -> [String] {
        routes.filter { route in
            let folder = guarded.contains { route.path == $0 || route.path.hasPrefix($0 + "/") }
            let isKnown = table.contains { $0.method == route.method && $0.path == route.path }
            return folder && !open.contains(route.path) && !isKnown
        }.map { "\($0.method.rawValue) \($0.path)" }
    }
}

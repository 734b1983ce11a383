import RefundDesk
import RefundDomain
import Storage

/// What waits for the operator's people, of every merchant.
enum OperatorView: String, Sendable, CaseIterable {
    /// The merchant did not act in time.
    case escalated
    /// Appeals that nobody of the merchant has taken yet.
    case appealed
    /// One has approved; whoever may agree as the second does it here too.
    case second

    /// The field of the page's address that chooses it.
    static let field = "show"

    /// The states whose cases it shows, each walked by an index.
    var states: [RefundCase.State] {
        switch self {
        case .escalated: RefundCase.State.allCases.filter(\.isUndecided)
        case .appealed: [.appealed]
        case .second: [.awaitingSecond]
        }
    }
}

/// Where a page of a worklist begins: after the row with this moment and id.
struct MomentKey: Sendable, Hashable, Comparable {
    let milliseconds: Int64
    let id: String

    static let first = MomentKey(milliseconds: -1, id: "")

    init(milliseconds: Int64, id: String) {
        self.milliseconds = milliseconds
        self.id = id
    }

    /// Reads a key of a page's address; nil when it is none.
    init?(_ text: String?) {
        guard let text else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let since = parts.first.flatMap({ Int64($0) }), since >= 0, let id = parts.last,
            id.utf8.count <= 64, id.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.init(milliseconds: since, id: String(id))
    }

    var text: String { "\(milliseconds)_\(id)" }

    static func < (left: MomentKey, right: MomentKey) -> Bool {
        (left.milliseconds, left.id) < (right.milliseconds, right.id)
    }
}

/// A case that waits for the operator.
struct OperatorLine: Sendable {
    let key: MomentKey
    let number: String
    let state: RefundCase.State
    let merchant: CaseFile.Merchant
    let asked: Money
    let proposed: Money?
    let since: Moment
}

/// Reads pages of the operator's queue. Leave to read every merchant's cases has to be shown.
struct SupportQueueQuery: Sendable {
    static let pageLines = 25
    /// Where counting stops.
    static let countMax = 100

    let everyMerchant: EveryMerchant

    struct Page: Sendable {
        let lines: [OperatorLine]
        let next: MomentKey?
    }

    func page(_ view: OperatorView, after key: MomentKey, _ sql: any SQLReading) throws -> Page {
        let found = try view.states.flatMap { state in
            try sql.rows(
                view == .escalated ? SupportQueueStatements.escalated : SupportQueueStatements.waiting,
                [
                    .text(state.rawValue), .int(key.milliseconds), .text(key.id),
                    .int(SupportQueueQuery.pageLines + 1),
                ]
            ).map(line)
        }.sorted { $0.key < $1.key }
        let lines = Array(found.prefix(SupportQueueQuery.pageLines))
        return Page(lines: lines, next: found.count > lines.count ? lines.last?.key : nil)
    }

    func counts(_ sql: any SQLReading) throws -> [(view: OperatorView, count: Int64)] {
        try OperatorView.allCases.map { view in
            let count = try view.states.reduce(Int64(0)) { sum, state in
                let row = try sql.row(
                    view == .escalated ? SupportQueueStatements.countEscalated : SupportQueueStatements.countWaiting,
                    [.text(state.rawValue), .int(SupportQueueQuery.countMax)])
                return sum + (try row?.int("counted") ?? 0)
            }
            return (view, count)
        }
    }

    private func line(_ row: SQLRow) throws -> OperatorLine {
        OperatorLine(
            key: MomentKey(milliseconds: try row.int("since_ms"), id: try row.text("id")),
            number: try row.text("number"), state: try row.word("state"),
            merchant: CaseFile.Merchant(
                id: try row.text("merchant_id"), name: try row.text("name"),
                nameEnglish: try row.textOrNil("name_en"), zone: Zone(try row.text("zone")) ?? .utc),
            asked: try row.money("asked_minor"), proposed: try row.moneyOrNil("proposed_minor"),
            since: try row.moment("since_ms"))
    }
}

/// $1 state, $2 and $3 the key, $4 how many rows. Each walks an index that begins with the state.
enum SupportQueueStatements {
    static let escalated = """
        SELECT   refund_case.id, refund_case.number, refund_case.state, refund_case.currency, refund_case.asked_minor,
                 refund_case.proposed_minor, refund_case.escalated_ms AS since_ms, refund_case.merchant_id,
                 merchant.name, merchant.name_en, merchant.zone
        FROM     refund_case
        JOIN     merchant
        ON       merchant.id = refund_case.merchant_id
        WHERE    refund_case.state = $1
        AND      refund_case.escalated_ms IS NOT NULL
        AND      (refund_case.escalated_ms, refund_case.id) > ($2, $3)
        ORDER BY refund_case.escalated_ms, refund_case.id
        LIMIT    $4
        """

    static let waiting = """
        SELECT   refund_case.id, refund_case.number, refund_case.state, refund_case.currency, refund_case.asked_minor,
                 refund_case.proposed_minor, refund_case.changed_ms AS since_ms, refund_case.merchant_id,
                 merchant.name, merchant.name_en, merchant.zone
        FROM     refund_case
        JOIN     merchant
        ON       merchant.id = refund_case.merchant_id
        WHERE    refund_case.state = $1
        AND      (refund_case.changed_ms, refund_case.id) > ($2, $3)
        ORDER BY refund_case.changed_ms, refund_case.id
        LIMIT    $4
        """

    static let countEscalated = """
        SELECT COUNT(*) AS counted
        FROM   (SELECT   id
                FROM     refund_case
                WHERE    state = $1
                AND      escalated_ms IS NOT NULL
                ORDER BY escalated_ms, id
                LIMIT    $2) AS found
        """

    static let countWaiting = """
        SELECT COUNT(*) AS counted
        FROM   (SELECT   id
                FROM     refund_case
                WHERE    state = $1
                ORDER BY changed_ms, id
                LIMIT    $2) AS found
        """
}

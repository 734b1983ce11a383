import RefundDomain

/// What keeps money or people waiting.
enum StuckKind: String, Sendable, CaseIterable {
    case unknown
    case funds
    case returned
    case payee
    case failed
    case overdue
    case enquiries
    case proposals
    case blocks
    /// Ready, and the record does not carry it.
    case heldBack = "held-back"

    /// The field of the page's address that chooses it.
    static let field = "show"

    /// How long it has to be so before somebody looks, in hours.
    var patienceHours: Int64 {
        switch self {
        case .unknown: 24
        case .funds: 7 * 24
        case .returned, .payee, .failed, .overdue, .enquiries, .proposals, .blocks, .heldBack: 0
        }
    }

    /// The state that its movements are in; nil where it is not a state that tells.
    var state: Movement.State? {
        switch self {
        case .unknown: .unknown
        case .funds: .waitingFunds
        case .returned: .returned
        case .payee: .needsPayeeAction
        case .failed: .failed
        case .heldBack: .ready
        case .overdue, .enquiries, .proposals, .blocks: nil
        }
    }

    var statement: String {
        switch self {
        case .unknown, .funds, .returned, .payee: StuckStatements.movements
        case .failed: StuckStatements.failed
        case .overdue: StuckStatements.overdue
        case .enquiries: StuckStatements.enquiries
        case .proposals: StuckStatements.proposals
        case .blocks: StuckStatements.blocks
        case .heldBack: StuckStatements.heldBack
        }
    }
}

/// One statement a worklist, oldest first: $1 and $2 the key, $3 the last moment since when, $4 how many rows; $5 the
/// movement's state where one is asked for. Each gives `id`, `since_ms`, `case_id`, `amount_minor`, `currency` and
/// `detail`, and walks one index from the key on.
enum StuckStatements {
    static let movements = """
        SELECT   id, case_id, currency, gross_minor AS amount_minor, changed_ms AS since_ms, last_code AS detail
        FROM     movement
        WHERE    state = $5
        AND      (changed_ms, id) > ($1, $2)
        AND      changed_ms <= $3
        ORDER BY changed_ms, id
        LIMIT    $4
        """

    /// Failed, and no other movement took its place; what failed in a case that ended is nobody's work any more.
    static let failed = """
        SELECT   movement.id, movement.case_id, movement.currency, movement.gross_minor AS amount_minor,
                 movement.changed_ms AS since_ms, movement.last_code AS detail
        FROM     movement
        JOIN     refund_case
        ON       refund_case.id = movement.case_id
        WHERE    movement.state = $5
        AND      (movement.changed_ms, movement.id) > ($1, $2)
        AND      movement.changed_ms <= $3
        AND      refund_case.state = 'approved'
        AND      NOT EXISTS (
                     SELECT other.id
                     FROM   movement AS other
                     WHERE  other.case_id = movement.case_id
                     AND    other.replaces_id = movement.id
                 )
        ORDER BY movement.changed_ms, movement.id
        LIMIT    $4
        """

    static let heldBack = """
        SELECT   movement.id, movement.case_id, movement.currency, movement.gross_minor AS amount_minor,
                 movement.changed_ms AS since_ms, movement.last_code AS detail
        FROM     movement
        WHERE    movement.state = $5
        AND      (movement.changed_ms, movement.id) > ($1, $2)
        AND      movement.changed_ms <= $3
        AND      (SELECT   event.number
                  FROM     event
                  WHERE    event.object_id = movement.id
                  AND      event.what = 'movement.held-back'
                  ORDER BY event.at_ms, event.number
                  LIMIT    1) IS NOT NULL
        ORDER BY movement.changed_ms, movement.id
        LIMIT    $4
        """

    static let overdue = """
        SELECT   id, case_id, currency, gross_minor AS amount_minor, overdue_ms AS since_ms, bank_reference AS detail
        FROM     movement
        WHERE    overdue_ms IS NOT NULL
        AND      (overdue_ms, id) > ($1, $2)
        AND      overdue_ms <= $3
        AND      state IN ('accepted', 'at_bank', 'succeeded', 'unknown', 'needs_payee_action')
        ORDER BY overdue_ms, id
        LIMIT    $4
        """

    static let enquiries = """
        SELECT   enquiry.id, enquiry.case_id, refund_case.currency,
                 COALESCE(enquiry.expected_minor, refund_case.approved_minor, refund_case.asked_minor) AS amount_minor,
                 enquiry.opened_ms AS since_ms, enquiry.kind AS detail
        FROM     enquiry
        JOIN     refund_case
        ON       refund_case.id = enquiry.case_id
        WHERE    enquiry.answered_ms IS NULL
        AND      (enquiry.opened_ms, enquiry.id) > ($1, $2)
        AND      enquiry.opened_ms <= $3
        ORDER BY enquiry.opened_ms, enquiry.id
        LIMIT    $4
        """

    static let proposals = """
        SELECT   joint_proposal.id, joint_proposal.case_id, refund_case.currency,
                 COALESCE(movement.gross_minor, refund_case.asked_minor) AS amount_minor,
                 joint_proposal.proposed_ms AS since_ms, joint_proposal.action AS detail
        FROM     joint_proposal
        JOIN     refund_case
        ON       refund_case.id = joint_proposal.case_id
        LEFT JOIN movement
        ON       movement.id = joint_proposal.movement_id
        WHERE    joint_proposal.state = 'open'
        AND      (joint_proposal.proposed_ms, joint_proposal.id) > ($1, $2)
        AND      joint_proposal.proposed_ms <= $3
        ORDER BY joint_proposal.proposed_ms, joint_proposal.id
        LIMIT    $4
        """

    /// A block lies over a payment; the newest case of it is where it is dealt with.
    static let blocks = """
        SELECT   id, currency, amount_minor, opened_ms AS since_ms, kind AS detail,
                 (SELECT   newest.id
                  FROM     refund_case AS newest
                  WHERE    newest.payment_id = block.payment_id
                  AND      newest.submitted_ms IS NOT NULL
                  ORDER BY newest.id DESC
                  LIMIT    1) AS case_id
        FROM     block
        WHERE    closed_ms IS NULL
        AND      (opened_ms, id) > ($1, $2)
        AND      opened_ms <= $3
        ORDER BY opened_ms, id
        LIMIT    $4
        """

    /// What a line shows of its case: $1 the case.
    static let line = """
        SELECT refund_case.number, refund_case.state, merchant.id AS merchant_id, merchant.name, merchant.name_en,
               merchant.zone
        FROM   refund_case
        JOIN   merchant
        ON     merchant.id = refund_case.merchant_id
        WHERE  refund_case.id = $1
        """

    static let all = [movements, failed, heldBack, overdue, enquiries, proposals, blocks]
}

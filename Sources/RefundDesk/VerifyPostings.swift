import RefundDomain
import Storage

extension Desk {
    /// Every posting has lines between accounts that its kind moves money between, numbered from 1, and belongs to the
    /// case and the merchant that its movement is of.
    func verifyPostings(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var found: [Fault] = []
        try sql.each(
            """
            SELECT    posting.id, posting.kind, posting_line.debit_account, posting_line.credit_account
            FROM      posting
            LEFT JOIN posting_line
            ON        posting_line.posting_id = posting.id
            ORDER BY  posting.id, posting_line.line
            """
        ) { row in
            let kind = try row.text("kind")
            guard let debit = try row.textOrNil("debit_account"), let credit = try row.textOrNil("credit_account")
            else { return found.append(postingFault(try row.text("id"), "has no lines")) }
            let isKnown = PostingPairs.all[kind]?.contains("\(debit) \(credit)") ?? false
            guard !isKnown else { return }
            found.append(postingFault(try row.text("id"), "\(kind) does not move money from \(credit) to \(debit)"))
        }
        try sql.each(Self.statementOfStrayPostings) { row in
            found.append(postingFault(try row.text("id"), "is not of its movement's case or its case's merchant"))
        }
        faults += found.prefix(Desk.verifyFaultsMax)
        try verifyRows(
            sql, &faults, check: "posting",
            """
            SELECT   posting_line.posting_id AS object, COUNT(*) AS kept, MAX(posting_line.line) AS counted
            FROM     posting_line
            GROUP BY posting_line.posting_id
            ORDER BY posting_line.posting_id
            """)
        try verifyRows(
            sql, &faults, check: "posting",
            """
            SELECT   posting_line.posting_id AS object, posting_line.line AS kept, 0 AS counted
            FROM     posting_line
            WHERE    NOT EXISTS (SELECT posting.id
                                 FROM   posting
                                 WHERE  posting.id = posting_line.posting_id)
            ORDER BY posting_line.posting_id, posting_line.line
            """)
    }

    private func postingFault(_ id: String, _ detail: String) -> Fault {
        Fault(check: "posting", object: id, detail: detail)
    }

    private static let statementOfStrayPostings = """
        SELECT    posting.id
        FROM      posting
        LEFT JOIN movement
        ON        movement.id = posting.movement_id
        LEFT JOIN refund_case
        ON        refund_case.id = posting.case_id
        LEFT JOIN statement_import
        ON        statement_import.id = posting.import_id
        WHERE     (posting.movement_id IS NOT NULL
                   AND COALESCE(movement.case_id, '') <> COALESCE(posting.case_id, ''))
        OR        (posting.case_id IS NOT NULL AND COALESCE(refund_case.merchant_id, '') <> posting.merchant_id)
        OR        (posting.import_id IS NOT NULL
                   AND COALESCE(statement_import.merchant_id, '') <> posting.merchant_id)
        OR        (posting.kind IN ('P1', 'P2', 'P3') AND posting.case_id IS NULL)
        OR        (posting.kind IN ('P4', 'P4-', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P11', 'P12', 'P13', 'P16', 'P19')
                   AND posting.movement_id IS NULL)
        ORDER BY  posting.id
        LIMIT     1000
        """
}

/// Which accounts each kind of posting moves money between, as `docs/lifecycle.md` has them: debit, then credit.
private enum PostingPairs {
    static let all: [String: Set<String>] = {
        var all: [String: Set<String>] = [:]
        for (kind, pairs) in forward { all[kind.rawValue] = Set(pairs.map { name($0, $1) }) }
        let undone = Set((sending + exchange).map { name($1, $0) })
        all[Posting.Kind.unsent.rawValue] = undone
        all[Posting.Kind.failed.rawValue] = undone.union([name(.refundInFlight, .payeeReturned)])
        return all
    }()

    private static let sending: [(Account, Account)] = [
        (.merchantHeld, .refundInFlight), (.feeIncome, .refundInFlight), (.merchantHeld, .refundFeeIncome),
    ]

    private static let exchange: [(Account, Account)] = [
        (.merchantHeld, .exchangePosition), (.feeIncome, .exchangePosition),
        (.exchangePosition, .exchangeDifference), (.exchangeDifference, .exchangePosition),
        (.exchangePosition, .refundInFlight),
    ]

    private static let forward: [(Posting.Kind, [(Account, Account)])] = [
        (
            .sale,
            [
                (.channelSettlement, .merchantAvailable), (.channelSettlement, .feeIncome),
                (.channelSettlement, .exchangePosition), (.exchangePosition, .merchantAvailable),
                (.exchangePosition, .feeIncome), (.merchantAvailable, .feeIncome),
            ]
        ),
        (.hold, [(.merchantAvailable, .merchantHeld)]),
        (.holdAdjusted, [(.merchantHeld, .merchantAvailable), (.merchantAvailable, .merchantHeld)]),
        (.holdReleased, [(.merchantHeld, .merchantAvailable)]),
        (.sent, [(.merchantHeld, .refundInFlight), (.feeIncome, .refundInFlight)]),
        (.handlingFee, [(.merchantHeld, .refundFeeIncome)]),
        (.channelFee, [(.channelFeeExpense, .channelSettlement)]),
        (.confirmed, [(.refundInFlight, .channelSettlement)]),
        (.exchanged, exchange),
        (.returned, [(.channelSettlement, .payeeReturned), (.refundInFlight, .payeeReturned)]),
        (.rerouted, [(.payeeReturned, .refundInFlight)]),
        (
            .givenBack,
            [
                (.payeeReturned, .merchantAvailable), (.payeeReturned, .feeIncome),
                (.payeeReturned, .exchangePosition), (.exchangePosition, .merchantAvailable),
                (.exchangePosition, .feeIncome), (.exchangePosition, .exchangeDifference),
                (.exchangeDifference, .exchangePosition),
            ]
        ),
        (.unclaimed, [(.payeeReturned, .unclaimed)]),
        (.advanced, [(.merchantReceivable, .merchantHeld), (.merchantAvailable, .merchantReceivable)]),
        (.correctedDown, [(.goodwillExpense, .merchantAvailable), (.cardholderReceivable, .merchantAvailable)]),
        (
            .disputed,
            [
                (.merchantAvailable, .merchantDisputeHold), (.merchantDisputeHold, .merchantAvailable),
                (.merchantDisputeHold, .channelSettlement), (.merchantReceivable, .channelSettlement),
                (.merchantDisputeHold, .exchangePosition), (.merchantReceivable, .exchangePosition),
                (.exchangePosition, .channelSettlement),
            ]
        ),
        (.voided, [(.merchantAvailable, .channelSettlement), (.feeIncome, .channelSettlement)]),
        (.paidOutside, [(.merchantHeld, .merchantAvailable)]),
    ]

    private static func name(_ debit: Account, _ credit: Account) -> String { "\(debit.rawValue) \(credit.rawValue)" }
}

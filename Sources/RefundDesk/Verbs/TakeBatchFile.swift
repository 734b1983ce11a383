import RefundDomain
import Storage
import Vault

extension Desk {
    /// Writes the file of a released batch for whoever pays it; who took which bytes stands in the record.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed``, ``Refusal/stale(version:)`` for a batch that is not
    ///   released.
    public func takeBatchFile(_ id: String, form: PayoutForm, by staff: StaffMember) async throws -> PayoutFile {
        let now = clock()
        return try await store.write { sql in
            let batch = try batch(id, for: staff, sql)
            guard staff.role.makesBatches else { throw Refusal.notAllowed }
            guard batch.state == .released else { throw Refusal.stale(version: 0) }
            let zone = try zone(of: batch.merchantID, sql)
            let orders = try PayoutTable.items(of: id, sql).map { item in
                try PayoutOrder(item, zone: zone, account: try payee(of: item, sql), sql)
            }
            let text =
                switch form {
                case .csv: PayoutText(batch: batch, headings: PayoutOrder.headings, rows: orders.map(\.row))
                case .bankTransfer:
                    PayoutText(
                        batch: batch, headings: PayoutOrder.transferHeadings, rows: orders.compactMap(\.transferRow))
                }
            let bytes = text.signed(keys)
            try recordBatch(
                "batch.taken", batch,
                ["form": form.rawValue, "sha256": Hex.encode(Digest.sha256(bytes)), "rows": String(text.rows.count)],
                by: staff, at: now, sql)
            let ending = form == .csv ? "" : "-\(form.rawValue)"
            return PayoutFile(name: "\(batch.number)\(ending).csv", bytes: bytes)
        }
    }

    /// The account that an order goes to; nil for one that goes back as it was paid.
    private func payee(of item: PayoutItem, _ sql: any SQLReading) throws -> PayeeDestination? {
        guard let movement = try MovementTable.find(item.movementID, sql), movement.route == .bankCard else {
            return nil
        }
        return try destination(of: movement, sql)
    }
}

/// An order as a person needs it to pay it.
private struct PayoutOrder {
    let item: PayoutItem
    let caseNumber: String
    let payee: PayeeDestination?
    /// What identifies the payment, in the order of ``slipColumns``.
    let slip: [String]
    let paidAt: String
    let paymentTotal: Money

    private static let slipColumns = [
        "merchant_no", "terminal_no", "batch_no", "trace_no", "reference_no", "auth_code", "order_no",
        "transaction_no", "card_first6", "card_last4",
    ]

    static let headings =
        ["refund_no", "amount", "amount_minor", "currency", "case_no", "paid_at", "payment_amount"] + slipColumns
        + ["payee_account", "payee_bank", "payee_name", "result", "bank_reference", "paid_on", "reason"]

    static let transferHeadings = [
        "refund_no", "payee_account", "payee_name", "payee_bank", "amount", "currency", "remark", "result",
        "bank_reference", "paid_on", "reason",
    ]

    init(_ item: PayoutItem, zone: Zone, account: PayeeDestination?, _ sql: any SQLReading) throws {
        guard
            let row = try sql.row(
                """
                SELECT refund_case.number, payment.currency, payment.amount_minor, payment.paid_at_ms,
                       payment.merchant_no, payment.terminal_no, payment.batch_no, payment.trace_no,
                       payment.reference_no, payment.auth_code, payment.merchant_order_no AS order_no,
                       payment.channel_transaction_no AS transaction_no, payment.card_first6, payment.card_last4
                FROM   movement
                JOIN   refund_case
                ON     refund_case.id = movement.case_id
                JOIN   payment
                ON     payment.id = movement.payment_id
                WHERE  movement.id = $1
                """, [.text(item.movementID)])
        else { throw Refusal.notFound }
        self.item = item
        payee = account
        caseNumber = try row.text("number")
        slip = try Self.slipColumns.map { try row.textOrNil($0) ?? "" }
        paidAt = zone.localTime(try row.moment("paid_at_ms")).iso
        paymentTotal = try row.money("amount_minor")
    }

    private var currency: String { item.gross.currency.code }
    /// Left for the bank's or the acquirer's word, so that the same file can come back with it.
    private var answer: [String] { ["", "", "", ""] }

    var row: [String] {
        [
            item.refundNumber, item.gross.decimal, String(item.gross.minor), currency, caseNumber, paidAt,
            paymentTotal.decimal,
        ] + slip + [payee?.account ?? "", payee?.bank ?? "", payee?.holder ?? ""] + answer
    }

    /// Nil where no account is known: such an order stands in the other file.
    var transferRow: [String]? {
        payee.map { payee in
            [
                item.refundNumber, payee.account, payee.holder, payee.bank, item.gross.decimal, currency, caseNumber,
            ] + answer
        }
    }
}

public import RefundDomain
import Storage

extension Desk {
    /// What a refund of so much takes, gives and costs: the one computation behind what is shown, held and sent.
    func quote(
        _ taken: Money, of payment: PaymentRow, _ rule: FeeRule, _ sql: any SQLReading
    ) throws -> RefundQuote {
        let today = payment.settlement.flatMap { rates.rate(payment.currency, $0.currency) }
        let feeReturn = try abilities(of: payment, sql)?.feeReturn.value ?? .proportional
        return RefundQuote.of(taken, from: try base(of: payment, sql), rule.within(feeReturn), today: today)
    }

    /// What a refund of so much would come to, for the pages on which it is asked for and decided.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func quote(_ taken: Money, ofPayment id: String, _ rule: FeeRule) async throws -> RefundQuote {
        try await store.read { sql in
            guard let payment = try PaymentTable.find(id, sql) else { throw Refusal.notFound }
            return try quote(taken, of: payment, rule, sql)
        }
    }

    private func base(of payment: PaymentRow, _ sql: any SQLReading) throws -> RefundBase {
        let elsewhereFee = Fee.givenBack(
            fee: payment.fee, captured: payment.amount, refundedWithThis: payment.refundedElsewhere,
            alreadyGivenBack: .zero(payment.fee.currency))
        let feeGivenBack = elsewhereFee.adding(payment.feeGivenBack) ?? payment.feeGivenBack
        return RefundBase(
            captured: payment.amount, fee: payment.fee, settlement: payment.settlement,
            refunded: payment.refundedElsewhere.adding(payment.committed) ?? payment.amount,
            feeGivenBack: feeGivenBack, worth: try worth(of: payment, sql))
    }

    /// What the merchant has paid for the payment's refunds in the currency that it was settled in.
    private func worth(of payment: PaymentRow, _ sql: any SQLReading) throws -> Money {
        guard let settlement = payment.settlement else {
            return payment.refundedElsewhere.adding(payment.committed) ?? payment.amount
        }
        let elsewhere = Fee.givenBack(
            fee: settlement, captured: payment.amount, refundedWithThis: payment.refundedElsewhere,
            alreadyGivenBack: .zero(settlement.currency))
        let here =
            try sql.row(
                """
                SELECT COALESCE(SUM(cost_minor + fee_given_back_minor
                                    - CASE WHEN fee_bearer = 'merchant' THEN handling_fee_minor ELSE 0 END), 0)
                       AS worth_minor
                FROM   movement
                WHERE  payment_id = $1
                AND    (state NOT IN ('failed', 'cancelled', 'rerouted', 'given_back', 'given_outside')
                        OR (state = 'failed' AND source = 'returned'
                            AND NOT EXISTS (SELECT newer.id
                                            FROM   movement AS newer
                                            WHERE  newer.case_id = movement.case_id
                                            AND    newer.replaces_id = movement.id)))
                """, [.text(payment.id)])?.money("worth_minor", in: settlement.currency) ?? .zero(settlement.currency)
        return elsewhere.adding(here) ?? settlement
    }
}

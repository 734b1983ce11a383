import RefundDomain
import Storage

extension Desk {
    /// Asks whether a closed case can be looked at again (R23): something of what was asked must be left.
    func requireReopenable(_ row: CaseRow, _ payment: PaymentRow, _ sql: any SQLReading) throws {
        guard row.state == .closed else { throw Refusal.notNow(state: row.state) }
        if let block = payment.block { throw Refusal.blocked(block) }
    }

    func reopen(
        _ row: CaseRow, _ payment: PaymentRow, _ ids: JointIDs, by staff: StaffMember, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        throw Refusal.notNow(state: row.state)
    }
}

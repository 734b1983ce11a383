public import RefundDomain
import Storage
import Vault

extension Desk {
    /// Brings a bank's own file about a released batch; nothing moves until somebody else confirms it.
    ///
    /// - Parameter file: the bytes as the bank made them, of which a digest is kept.
    /// - Returns: the file's id.
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed``, ``Refusal/stale(version:)`` for a batch that is not
    ///   released, ``Refusal/proposalOpen`` while another file waits, ``Refusal/alreadyThere(_:)`` for the same file,
    ///   ``Refusal/field(_:_:)`` for `file` without lines or with too many.
    public func bringBankAnswer(
        to batchID: String, lines: [BankAnswerLine], file: [UInt8], by staff: StaffMember
    ) async throws -> String {
        guard !lines.isEmpty else { throw Refusal.field("file", .missing) }
        guard lines.count <= PayoutLimits.answerLinesMax else { throw Refusal.field("file", .tooLong) }
        let now = clock()
        let id = try newID()
        let digest = Hex.encode(Digest.sha256(file))
        try await store.write { sql in
            let batch = try batch(batchID, for: staff, sql)
            guard staff.role.makesBatches else { throw Refusal.notAllowed }
            guard batch.state == .released else { throw Refusal.stale(version: 0) }
            try EventTable.hold(batch.merchantID, sql)
            if try BankAnswerTable.isKnown(digest: digest, of: batchID, sql) { throw Refusal.alreadyThere("file") }
            if try BankAnswerTable.list(of: batch, sql).contains(where: { $0.state == .open }) {
                throw Refusal.proposalOpen
            }
            let answer = BankAnswer(
                id: id, batchID: batchID, broughtBy: staff.id, brought: now, state: .open, decidedBy: nil,
                decided: nil, lines: lines)
            try BankAnswerTable.insert(answer, of: batch, digest: digest, sql)
            try record("bank-answer.brought", answer, batch, ["sha256": digest], by: staff, at: now, sql)
        }
        return id
    }

    /// Confirms what somebody else brought: orders that the file says were paid have succeeded (M14, P7), those that
    /// failed have failed (M15, P9). Lines that do not fit change nothing.
    ///
    /// - Throws: ``Refusal/makerMayNotDecide`` for whoever brought it, ``Refusal/stale(version:)`` when it was decided
    ///   already, ``Refusal/notFound``.
    public func confirmBankAnswer(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        let ids = try (0..<PayoutLimits.itemsMax).map { _ in try OutcomeIDs(self) }
        try await store.write { sql in
            let (batch, answer) = try bankAnswer(id, for: staff, sql)
            guard staff.id != answer.broughtBy else { throw Refusal.makerMayNotDecide }
            try EventTable.hold(batch.merchantID, sql)
            guard try BankAnswerTable.decide(id, .confirmed, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: 0)
            }
            let fitting = BankMatch.all(answer.lines, try PayoutTable.items(of: batch.id, sql)).filter {
                $0.finding == .fits
            }
            for (match, ids) in zip(fitting, ids) { try apply(match, answer, batch, ids, by: staff, at: now, sql) }
            try record(
                "bank-answer.confirmed", answer, batch, ["applied": String(fitting.count)], by: staff, at: now, sql)
        }
    }

    /// Puts a file aside that is not to count; nothing moves, and it may be brought again.
    ///
    /// - Throws: ``Refusal/stale(version:)`` when it was decided already, ``Refusal/notFound``.
    public func refuseBankAnswer(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let (batch, answer) = try bankAnswer(id, for: staff, sql)
            try EventTable.hold(batch.merchantID, sql)
            guard try BankAnswerTable.decide(id, .refused, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: 0)
            }
            try record("bank-answer.refused", answer, batch, [:], by: staff, at: now, sql)
        }
    }

    private func bankAnswer(
        _ id: String, for staff: StaffMember, _ sql: any SQLReading
    ) throws -> (PayoutBatch, BankAnswer) {
        guard let batchID = try BankAnswerTable.batchID(of: id, sql) else { throw Refusal.notFound }
        let batch = try batch(batchID, for: staff, sql)
        guard let answer = try BankAnswerTable.find(id, of: batch, sql) else { throw Refusal.notFound }
        return (batch, answer)
    }

    /// M14 or M15, by the bank's word.
    private func apply(
        _ match: BankMatch, _ answer: BankAnswer, _ batch: PayoutBatch, _ ids: OutcomeIDs, by staff: StaffMember,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let item = match.item, try PayoutTable.answer(item, with: match.line, of: answer.id, sql) else { return }
        let (movement, row, account) = try order(item, sql)
        let line = match.line
        let happening: Movement.Happening = line.result == .paid ? .succeed : .fail
        let said = ChannelAnswer(
            verdict: line.result == .paid ? .succeeded : .failed,
            code: line.result == .paid ? line.result.rawValue : line.reason ?? line.result.rawValue,
            channelRefundNumber: line.reference, settledAt: try paid(on: line.paidOn, of: batch, at: now, sql),
            verified: true, amount: line.amount)
        try settle(
            happening,
            Outcome(answer: said, source: .batch, movement: movement, row: row, account: account, now: now, ids: ids),
            sql)
        var facts = ["result": line.result.rawValue, "line": String(line.line), "answer": answer.id]
        facts["bank_reference"] = line.reference
        try recordOrder("order.answered", item.id, ofCase: item.caseID, batch, facts, by: staff, at: now, sql)
    }

    /// The moment that is written down for the bank's day: now for today, else noon at the merchant's place, and never
    /// before the batch was released.
    private func paid(
        on day: Day?, of batch: PayoutBatch, at now: Moment, _ sql: any SQLReading
    ) throws -> Moment? {
        let zone = try zone(of: batch.merchantID, sql)
        guard let day, let noon = LocalTime(day: day, hour: 12, minute: 0, second: 0) else { return nil }
        return day == zone.day(now) ? now : max(zone.moment(noon), batch.decided ?? batch.made)
    }

    private func record(
        _ what: String, _ answer: BankAnswer, _ batch: PayoutBatch, _ more: [String: String], by staff: StaffMember,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let facts = ["batch": batch.number, "lines": String(answer.lines.count)]
        let event = NewEvent(
            stream: batch.merchantID, actor: staff.actor, what: what, object: "bank-answer", objectID: answer.id,
            facts: facts.merging(more) { $1 }, visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }
}

import RefundDomain
import Storage

extension Desk {
    /// Takes a statement's payments and, where it tells of refunds that were sent from here, holds it against them.
    ///
    /// - Returns: what was imported, and what ``reconcile(_:merchantCode:)`` found; nil when the file tells of no
    ///   refund of ours, when nothing was stored, and when bad lines were skipped: they may be what is missing.
    /// - Throws: as ``importPayments(_:merchantCode:options:)``.
    public func importStatement(
        _ source: ImportSource, merchantCode: String, options: ImportOptions = .init()
    ) async throws -> (imported: ImportResult, compared: ReconcileResult?) {
        let imported = try await importPayments(source, merchantCode: merchantCode, options: options)
        guard imported.isStored, imported.ours > 0, imported.bad == 0 else { return (imported, nil) }
        return (imported, try await reconcile(source, merchantCode: merchantCode))
    }

    /// Holds a channel's file against our refunds, both ways; what differs goes to the worklist.
    ///
    /// The file is read whole before anything is written: a bad line keeps nothing. The same file again changes
    /// nothing that did not change elsewhere. Every open difference of the merchant is looked at anew, and what fits
    /// now is closed. Only lines that say how a refund ended (``RefundDomain/Channel/refundLinesAreFinal``) end one
    /// here (M14).
    ///
    /// - Throws: ``Refusal/field(_:_:)`` for an unknown merchant; what the source throws; ``StoreFault``.
    public func reconcile(_ source: ImportSource, merchantCode: String) async throws -> ReconcileResult {
        let seen = try ReconcileSurvey(source)
        guard seen.result.bad == 0 else { return seen.result }
        let now = clock()
        let base = try newID()
        var (result, settled) = try await store.write(.eachStatement) { sql in
            var run = try ReconcileRun(
                desk: self, seen, try merchant(of: merchantCode, sql), ImportIDs(base), at: now, sql)
            try run.begin(format: source.format, sql)
            let settled = try run.keepLines(of: source, sql)
            try run.compare(source, sql)
            if source.tellsOfRefunds { try run.findMissing(sql) }
            try run.closeFitting(sql)
            return (try run.finished(sql), settled)
        }
        // Each is a transaction of its own, as an answer is; after a crash the same file ends the rest.
        for line in settled { try await settle(line) }
        result.settled = settled.count
        return result
    }

    private func merchant(of code: String, _ sql: any SQLTransaction) throws -> ImportTable.Merchant {
        guard let merchant = try ImportTable.merchant(code: code, sql) else {
            throw Refusal.field("merchant", .notOffered)
        }
        try ImportTable.takeTurn(merchant.id, sql)
        return merchant
    }

    /// M14: a line that says how the refund ended is the channel's word as an answer is.
    private func settle(_ line: ReconcileRun.Settled) async throws {
        let answer = ChannelAnswer(
            verdict: .succeeded, code: "settled", channelRefundNumber: line.channelRefundNumber,
            settledAt: line.settledAt, verified: true, amount: line.amount)
        try await recordOutcome(answer, of: line.movementID, from: .statement(line: line.lineID))
    }
}

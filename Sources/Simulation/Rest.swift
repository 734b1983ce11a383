import Portal
import RefundDesk
import RefundDomain
import SandboxBank
import Storage

/// The end of a run: nothing goes wrong any more, and everything has to end as it should.
extension World {
    private static let roundsMax = 600
    /// Enough for all that anybody waits for.
    private static let lastSales = 10
    private static let closingDays: Int64 = 60
    /// How our movement may have ended, by the bank's word for its refund.
    private static let ends = [
        "SUCCESS": ["succeeded", "arrived", "returned", "given_back", "given_outside", "unclaimed"],
        "CLOSED": ["failed", "given_outside", "returned", "given_back", "unclaimed"],
        "ABNORMAL": ["needs_payee_action", "returned", "given_back", "given_outside", "unclaimed"],
    ]

    /// Lets everything end, then compares our books with the bank's.
    func comeToRest() async throws {
        isCalm = true
        ledger.trace.add("calm")
        clock.setOffset(0)
        line.brokenUntil = 0
        _ = try await restart()
        for shop in cast.merchants {
            try await server().changeChannelSettings(accountID: shop.accountID, to: shop.settings)
        }
        while let (id, kind) = try await openBlock() {
            try await server().closeBlock(id, kind == .dispute ? .won : .lifted, by: operators([.finance]).first)
        }
        for index in cast.merchants.indices { try await sell(index, World.lastSales, from: 1_000_000) }
        var rounds = 0
        while try await isMoving(), rounds < World.roundsMax {
            rounds += 1
            try await settle()
            try await skipToNext()
        }
        if rounds == World.roundsMax { try await tellWhatMoves() }
        try await settle()
        await lookAtAll()
        try await compareBooks()
        try await wait(milliseconds: World.closingDays * 86_400_000)
        try await settle()
        await lookAtAll()
        try await compareClosed()
        ledger.trace.add("at rest after \(rounds) rounds")
    }

    /// Everything that is due now.
    private func settle() async throws {
        while try await deliverNotices(most: 16) != nil {}
        guard let hand = couriers.first else { return }
        while await hand.courier.workOnce() {}
        _ = await lookAtTouched()
    }

    private func skipToNext() async throws {
        let due = try await honest.read { sql in
            try sql.row(
                """
                SELECT MIN(CASE WHEN lease_until_ms > not_before_ms THEN lease_until_ms ELSE not_before_ms END)
                       AS due_ms
                FROM   outbox
                WHERE  done_ms IS NULL
                AND    kind <> 'examine-proof'
                """)?.intOrNil("due_ms")
        }
        try await wait(milliseconds: max((due ?? 0) - clock.bank, 1_000))
    }

    private func isMoving() async throws -> Bool {
        try await moving().isEmpty == false
    }

    private func moving() async throws -> [String] {
        try await honest.read { sql in
            try sql.rows(
                """
                SELECT   movement.id, movement.state, movement.gross_minor, movement.attempts, movement.replays
                FROM     movement
                WHERE    movement.state IN ('planned', 'waiting_funds', 'ready', 'sending', 'unknown', 'accepted',
                                            'at_bank', 'needs_payee_action')
                AND      movement.gross_minor <> 607
                ORDER BY movement.id
                LIMIT    100
                """
            ).map { row in row.values.map { "\($0)" }.joined(separator: " ") }
        }
    }

    private func tellWhatMoves() async throws {
        for movement in try await moving() { violation("rest", "does not come to an end: \(movement)") }
    }

    /// Succeeded with us exactly where it was paid by the bank, and nothing at the bank that we do not know of.
    private func compareBooks() async throws {
        let ours = try await honest.read { sql in
            try sql.rows(
                """
                SELECT   movement.refund_number, movement.gross_minor, movement.state
                FROM     movement
                ORDER BY movement.id
                LIMIT    1000000
                """
            ).map { row in
                (try row.text("refund_number"), "\(try row.int("gross_minor")) \(try row.text("state"))")
            }
        }
        let movements = Dictionary(ours, uniquingKeysWith: { first, _ in "twice \(first)" })
        var paid: Set<String> = []
        for payout in line.till.payouts(now: clock.bank) {
            if !paid.insert(payout.number).inserted { violation("books", "the bank paid \(payout.number) twice") }
            let fitting = (World.ends[payout.status] ?? []).map { "\(payout.amount) \($0)" }
            guard movements[payout.number].map(fitting.contains) != true else { continue }
            violation("books", "the bank has \(payout), we have \(movements[payout.number] ?? "nothing")")
        }
        for (number, movement) in movements.sorted(by: { $0.key < $1.key })
        where (movement.hasSuffix("succeeded") || movement.hasSuffix("arrived")) && !paid.contains(number) {
            violation("books", "we say that \(number) was paid, the bank does not")
        }
    }

    /// What closed holds nothing; what succeeded alone has closed.
    private func compareClosed() async throws {
        let left = try await honest.read { sql in
            try sql.rows(
                """
                SELECT   refund_case.number
                FROM     refund_case
                WHERE    refund_case.state = 'approved'
                AND      NOT EXISTS (SELECT movement.id
                                     FROM   movement
                                     WHERE  movement.case_id = refund_case.id
                                     AND    movement.state NOT IN ('succeeded', 'arrived', 'cancelled',
                                                                'given_back', 'given_outside', 'unclaimed'))
                AND      NOT EXISTS (SELECT enquiry.id
                                     FROM   enquiry
                                     WHERE  enquiry.case_id = refund_case.id
                                     AND    enquiry.answered_ms IS NULL)
                ORDER BY refund_case.id
                LIMIT    100
                """
            ).map { try $0.text("number") }
        }
        for number in left { violation("rest", "\(number) is paid and does not close") }
    }

    /// What the run came to.
    func report() async throws -> SimulationReport {
        let rows = try await honest.read { sql in try TableRows.count(sql) }
        for name in TableRows.all { if let times = rows[name] { ledger.trace.add("\(name): \(times)") } }
        for payout in line.till.payouts(now: clock.bank) { ledger.trace.add("\(payout.number) \(payout.status)") }
        return SimulationReport(
            seed: settings.seed, steps: ledger.step, hash: ledger.trace.hash, violations: ledger.violations,
            tail: ledger.trace.tail, counts: ledger.counts,
            rows: rows, days: (clock.bank - SimulatedClock.start) / 86_400_000, replay: settings.replay)
    }
}

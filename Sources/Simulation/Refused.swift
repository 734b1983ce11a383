import RefundDesk
import RefundDomain
import Storage

/// Tries what must be refused and looks whether anything moved.
extension World {
    /// Does something that must be refused, with nothing of the case or its money changed by it.
    ///
    /// - Returns: what the trace says of it.
    func refused(
        _ what: String, _ number: CaseNumber, _ act: (isolated World) async throws -> Void
    ) async throws -> String {
        let before = try await casePrint(number)
        let step = ledger.step
        let refusal: Refusal
        do {
            try await act(self)
            violation("allowed", "\(number.text): \(what) was not refused")
            return "\(number.text) \(what)"
        } catch let thrown as Refusal {
            refusal = thrown
        }
        // While this one stood still, others may have moved the case on.
        if ledger.step == step, try await casePrint(number) != before {
            violation("moved", "\(number.text): \(what) was refused and something moved")
        }
        ledger.count("refused: \(what.prefix { $0 != " " })")
        return "\(number.text) \(what) is refused: \(refusal)"
    }

    /// A form that arrives twice: the second one changes nothing.
    func tryTwice() async throws -> String? {
        guard let (filed, facts) = try await someCase(), let deed = anyDeed(facts) else { return nil }
        try await deed.act(self, filed, facts)
        return try await refused("\(deed.command) twice", filed.number) { world in
            try await deed.act(world, filed, facts)
        }
    }

    /// Two people act on the same page at once: while one's write is about to begin, the other's is done.
    func tryTwoAtOnce() async throws -> String? {
        guard depth < World.depthMax, let (filed, facts) = try await someCase(), let first = anyDeed(facts),
            let second = anyDeed(facts)
        else { return nil }
        racer = Racer { world in
            do {
                try await second.act(world, filed, facts)
                return true
            } catch {
                return false
            }
        }
        defer { racer = nil }
        try await first.act(self, filed, facts)
        if racer?.hasWon == true {
            violation("twice", "\(filed.number.text): \(first.command) and \(second.command) on one version")
        }
        return "\(filed.number.text) \(first.command) and \(second.command)"
    }

    /// What a reviewer, an approver or the cardholder may do now.
    private func anyDeed(_ facts: CaseFacts) -> Deed? {
        let deed =
            dice.permille(600)
            ? choose(World.reviewerDeeds, in: facts.state, for: .reviewer)
                ?? choose(World.secondDeeds, in: facts.state, for: .approver)
            : choose(World.cardholderDeeds, in: facts.state, for: .cardholder)
        return deed?.command == .appeal && !facts.lacks ? nil : deed
    }

    /// Everything of a case that a refused command could have changed, as one text.
    private func casePrint(_ number: CaseNumber) async throws -> String? {
        try await honest.read { sql in
            try sql.row(
                """
                SELECT refund_case.version, refund_case.state, refund_case.approved_minor, payment.open_minor,
                       payment.refunded_minor, payment.committed_minor, payment.refunded_elsewhere_minor,
                       (SELECT COUNT(*) FROM event WHERE event.case_id = refund_case.id) AS events,
                       (SELECT COUNT(*) FROM posting WHERE posting.case_id = refund_case.id) AS postings,
                       (SELECT COUNT(*) FROM movement WHERE movement.case_id = refund_case.id) AS movements
                FROM   refund_case
                JOIN   payment
                ON     payment.id = refund_case.payment_id
                WHERE  refund_case.number = $1
                """, [.text(number.text)]
            ).map { row in row.values.map { "\($0)" }.joined(separator: " ") }
        }
    }
}

/// Somebody who is quicker than a process that is about to write.
struct Racer {
    /// Whether it went through.
    let act: @Sendable (isolated World) async -> Bool
    /// Nil until it was tried.
    var hasWon: Bool?

    init(act: @escaping @Sendable (isolated World) async -> Bool) {
        self.act = act
    }
}

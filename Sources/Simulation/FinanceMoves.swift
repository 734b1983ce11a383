import RefundDesk
import RefundDomain
import SandboxBank
import Storage

/// The operator's people: what takes two of them, advances, blocks and merchants' policies.
extension World {
    static let financeMoves = [
        Move(name: "proposes", weight: 45) { try await $0.propose() },
        Move(name: "would reopen", weight: 10) { try await $0.proposeReopening() },
        Move(name: "second person", weight: 50) { try await $0.decideProposal() },
        Move(name: "replaces", weight: 15) { try await $0.replaceFailed() },
        Move(name: "advances", weight: 12) { try await $0.advance() },
        Move(name: "a block", weight: 8) { try await $0.block() },
        Move(name: "a block ends", weight: 12) { try await $0.unblock() },
        Move(name: "a policy", weight: 4) { try await $0.keepPolicy() },
    ]

    /// A movement that somebody looks at.
    private struct Money: Sendable {
        let id: String
        let refundNumber: String
        let number: CaseNumber
        let version: Int64
        let merchantNumber: String
        let merchantID: String
        let paymentID: String
        let gross: RefundDomain.Money
        let state: Movement.State
        /// Days since it came into that state.
        let age: Int64
    }

    /// From then on returned money can be left unclaimed, by some policies.
    private static let returnedDays: Int64 = 30
    private static let evidence = "A letter of the bank says so; it is in the file."

    private func propose() async throws -> String? {
        let states: [Movement.State] = [
            .unknown, .accepted, .needsPayeeAction, .succeeded, .arrived, .returned, .returned, .failed,
            .waitingFunds,
        ]
        guard let money = try await money(states), let action = dice.pick(actions(on: money)),
            let staff = dice.pick(operators(action.proposers))
        else { return nil }
        var details = JointDetails()
        switch action {
        case .recordReturn:
            details.returnCode = "ACCOUNT_CLOSED"
            details.returnedOn = LocalTime(clock.ours, secondsAheadOfUTC: 28_800).day
        case .correctUp, .correctDown:
            details.amount = RefundDomain.Money(minor: dice.number(1...500), currency: money.gross.currency)
            details.isGoodwill = dice.permille(500)
        case .resend, .giveUp, .reroute, .giveBack, .leaveUnclaimed, .payOutside, .reopen: break
        }
        try await server().propose(
            action, on: money.number, movement: money.id, details: details, evidence: World.evidence,
            version: money.version, by: staff)
        return "\(money.number.text) \(action.rawValue) of \(money.refundNumber), which is \(money.state.rawValue)"
    }

    /// What is true enough to be proposed: nobody says that the bank did not pay when it did.
    private func actions(on money: Money) -> [JointAction] {
        let payout = line.till.payout(money.refundNumber, of: money.merchantNumber, now: clock.bank)
        let isPaid = payout != nil && payout?.status != "CLOSED"
        switch money.state {
        case .unknown: return isPaid || !line.late.isEmpty ? [.resend] : [.resend, .giveUp]
        case .accepted: return payout?.status == "SUCCESS" ? [.recordReturn] : []
        case .needsPayeeAction: return payout?.status == "ABNORMAL" ? [.recordReturn] : []
        case .succeeded: return [.recordReturn, .correctUp, .correctDown]
        case .arrived: return [.correctUp, .correctDown]
        case .returned:
            return money.age < World.returnedDays ? [.giveBack, .payOutside, .leaveUnclaimed] : [.leaveUnclaimed]
        case .failed, .waitingFunds: return [.payOutside]
        case .planned, .ready, .sending, .atBank, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled:
            return []
        }
    }

    /// Support and finance agree that a closed case, of which something was refused, is looked at again.
    private func proposeReopening() async throws -> String? {
        guard let filed = try await anyCase(in: .closed), let facts = try await facts(filed.number), facts.lacks,
            let staff = dice.pick(operators(JointAction.reopen.proposers))
        else { return nil }
        try await server().propose(
            .reopen, on: filed.number, movement: nil, details: JointDetails(grounds: World.grounds),
            evidence: World.evidence, version: facts.version, by: staff)
        return filed.number.text
    }

    /// Somebody confirms or refuses what another proposed; one's own proposal cannot be confirmed.
    private func decideProposal() async throws -> String? {
        let open = try await honest.read { sql in
            try sql.row(
                """
                SELECT   id, action, proposed_by
                FROM     joint_proposal
                WHERE    state = 'open'
                ORDER BY proposed_ms, id
                LIMIT    1
                """
            ).map { (try $0.text("id"), try $0.text("action"), try $0.text("proposed_by")) }
        }
        guard let (id, word, proposer) = open, let action = JointAction(rawValue: word),
            let staff = dice.pick(operators(action.confirmers))
        else { return nil }
        var why = "somebody thinks otherwise"
        if dice.permille(850) {
            do {
                try await server().confirmProposal(id, by: staff)
                if staff.id == proposer { violation("people", "\(word) is proposed and confirmed by one person") }
                return "\(word) is confirmed\(try await confirmAgain(id, by: staff))"
            } catch let refusal as Refusal where staff.id != proposer {
                why = "\(refusal)"
            }
        }
        guard staff.id != proposer else { return "\(word) waits for another" }
        try await server().refuseProposal(id, reason: "It does not hold.", by: staff)
        return "\(word) is refused: \(why)"
    }

    /// A form that is sent twice does it once.
    private func confirmAgain(_ id: String, by staff: StaffMember) async throws -> String {
        guard dice.permille(300) else { return "" }
        do {
            try await server().confirmProposal(id, by: staff)
        } catch let refusal as Refusal {
            return ", once more is refused: \(refusal)"
        }
        violation("twice", "a proposal was confirmed twice")
        return " twice"
    }

    /// Another movement takes the place of one that failed.
    private func replaceFailed() async throws -> String? {
        guard let money = try await money([.failed]), let staff = dice.pick(operators([.finance])) else { return nil }
        try await server().replace(movement: money.id, of: money.number, version: money.version, by: staff)
        return "\(money.number.text) \(money.refundNumber)"
    }

    /// The operator advances what a merchant is short of.
    private func advance() async throws -> String? {
        guard let money = try await money([.waitingFunds]), let staff = dice.pick(operators([.finance])) else {
            return nil
        }
        try await server().advanceFunds(movement: money.id, of: money.number, version: money.version, by: staff)
        return "\(money.number.text) \(money.gross.minor)"
    }

    private func block() async throws -> String? {
        guard let filed = dice.pickLate(cast.filed), let kind = dice.pick(Block.allCases),
            let staff = dice.pick(operators([.support, .finance]))
        else { return nil }
        let payment = try await honest.read { sql in
            try sql.row(
                """
                SELECT payment.id, payment.amount_minor
                FROM   payment
                JOIN   refund_case
                ON     refund_case.payment_id = payment.id
                WHERE  refund_case.number = $1
                """, [.text(filed.number.text)]
            ).map { (try $0.text("id"), try $0.int("amount_minor")) }
        }
        guard let (id, captured) = payment else { return nil }
        let amount = kind == .dispute ? RefundDomain.Money(minor: dice.number(1...captured), currency: .cny) : nil
        try await server().openBlock(
            kind, reference: "B-\(cast.next())", payment: id, amount: amount, note: "", by: staff)
        return "\(filed.number.text) \(kind.rawValue) \(amount?.minor ?? 0)"
    }

    private func unblock() async throws -> String? {
        guard let (id, kind) = try await openBlock(), let staff = dice.pick(operators([.finance])) else { return nil }
        let outcome: BlockOutcome = kind == .dispute ? dice.pick([.won, .lost, .lifted]) ?? .won : .lifted
        try await server().closeBlock(id, outcome, by: staff)
        return "\(kind.rawValue) is \(outcome.rawValue)"
    }

    /// The block that has lasted longest.
    func openBlock() async throws -> (id: String, kind: Block)? {
        try await honest.read { sql in
            try sql.row(
                "SELECT id, kind FROM block WHERE closed_ms IS NULL ORDER BY opened_ms, id LIMIT 1"
            ).map { row in (try row.text("id"), try row.word("kind")) }
        }
    }

    /// A merchant's rules change from tomorrow on: limits, approval by rule, fees.
    private func keepPolicy() async throws -> String? {
        guard let shop = dice.pick(cast.merchants) else { return nil }
        let keepers = operators([.finance])
        guard let first = dice.pick(keepers), let second = keepers.first(where: { $0.id != first.id }) else {
            return nil
        }
        // Never the same as the one before.
        var policy = try Policy(version: "drawn").with(.windowDays, 300 + Int64(cast.next() % 60))
        if dice.permille(500) {
            policy = try policy.with(.autoMax, dice.number(100...20_000)).approvingAlone([.notReceived])
        }
        if dice.permille(500) { policy = try policy.with(.reviewerMax, 2_000).with(.approverMax, 6_000) }
        if dice.permille(300) { policy = try policy.with(.feeFixed, dice.number(0...50)) }
        if dice.permille(300) { policy = try policy.with(.feeShare, dice.number(0...200)) }
        if dice.permille(200) { policy = try policy.with(.refundMax, 20_000) }
        if dice.permille(300) { policy = try policy.with(.returnedDays, 30).with(.closeDays, 5) }
        if dice.permille(100) { policy = try policy.with(.undoSeconds, 0) }
        for choice in [PolicyChoice.feeBearer, .originalFee] {
            if let word = dice.pick(choice.options) { policy = try policy.with(choice, word) }
        }
        let newest = try await honest.read { sql in
            try sql.row(
                "SELECT COALESCE(MAX(number), 0) AS number FROM policy WHERE merchant_id = $1", [.text(shop.id)]
            )?.int("number") ?? 0
        }
        let tomorrow = LocalTime(clock.ours, secondsAheadOfUTC: 28_800).day.adding(days: 1)
        let id = try await server().proposePolicy(policy, for: shop.id, from: tomorrow, after: newest, by: first)
        do {
            try await server().confirmPolicy(id, by: second)
        } catch Refusal.field("from", _) {
            // Its day came while the second person stood still.
            return "\(shop.code) too late for \(tomorrow.iso)"
        }
        return "\(shop.code) from \(tomorrow.iso)"
    }

    func operators(_ roles: Set<Role>) -> [StaffMember] {
        cast.operators.filter { roles.contains($0.role) }
    }

    /// A movement in one of these states, lately changed ones first.
    private func money(_ states: [Movement.State]) async throws -> Money? {
        guard let state = dice.pick(states) else { return nil }
        let now = clock.ours.milliseconds
        let rows = try await honest.read { sql in
            try sql.rows(
                """
                SELECT   movement.id, movement.refund_number, movement.gross_minor, movement.currency,
                         movement.merchant_id, movement.payment_id, movement.changed_ms, refund_case.number,
                         refund_case.version, channel_account.merchant_number
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                JOIN     channel_account
                ON       channel_account.id = movement.account_id
                WHERE    movement.state = $1
                ORDER BY movement.changed_ms DESC, movement.id
                LIMIT    6
                """, [.text(state.rawValue)]
            ).map { row in
                Money(
                    id: try row.text("id"), refundNumber: try row.text("refund_number"),
                    number: try CaseNumber.parse(try row.text("number")), version: try row.int("version"),
                    merchantNumber: try row.text("merchant_number"), merchantID: try row.text("merchant_id"),
                    paymentID: try row.text("payment_id"), gross: try row.money("gross_minor"), state: state,
                    age: (now - (try row.int("changed_ms"))) / 86_400_000)
            }
        }
        return dice.pick(rows)
    }
}

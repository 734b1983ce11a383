import RefundDesk
import RefundDomain
import Storage

/// What must be refused: in the wrong state, on an old page, by the wrong person, once more, for too much.
extension World {
    static let forbiddenMoves = [
        Move(name: "wrong state", weight: 12) { try await $0.tryWrongState() },
        Move(name: "old page", weight: 8) { try await $0.tryOldPage() },
        Move(name: "wrong person", weight: 14) { try await $0.tryWrongPerson() },
        Move(name: "wrong second", weight: 8) { try await $0.tryWrongSecond() },
        Move(name: "too much", weight: 8) { try await $0.tryTooMuch() },
        Move(name: "without consent", weight: 4) { try await $0.tryWithoutConsent() },
        Move(name: "twice", weight: 8) { try await $0.tryTwice() },
        Move(name: "two at once", weight: 14) { try await $0.tryTwoAtOnce() },
    ]

    /// What the table does not have for a reviewer or an approver in a state.
    private func tryWrongState() async throws -> String? {
        guard let (filed, facts) = try await someCase() else { return nil }
        // Some of the reviewers are approvers.
        let allowed = RefundCase.commands(in: facts.state, for: .reviewer)
            .union(RefundCase.commands(in: facts.state, for: .approver))
        // Taking is one verb for R4 and R19.
        let isTaken = allowed.isDisjoint(with: [.take, .routeAppeal])
        let deeds = World.reviewerDeeds.filter { deed in
            deed.command == .take || deed.command == .routeAppeal ? isTaken : !allowed.contains(deed.command)
        }
        guard let deed = dice.pick(deeds) else { return nil }
        return try await refused("\(deed.command) in \(facts.state.rawValue)", filed.number) { world in
            try await deed.act(world, filed, facts)
        }
    }

    /// The page is one version old.
    private func tryOldPage() async throws -> String? {
        guard let (filed, facts) = try await someCase(), facts.version > 1,
            let deed = choose(World.reviewerDeeds, in: facts.state, for: .reviewer)
                ?? choose(World.cardholderDeeds, in: facts.state, for: .cardholder)
        else { return nil }
        var old = facts
        old.version -= 1
        return try await refused("\(deed.command) on an old page", filed.number) { [old] world in
            try await deed.act(world, filed, old)
        }
    }

    /// People of another merchant, clerks and support decide nothing, makers and earlier deciders neither, and nobody
    /// takes back what somebody else decided.
    private func tryWrongPerson() async throws -> String? {
        if dice.permille(150), let facts = try await undoable(),
            let other = dice.pick(cast.operators.filter { $0.id != facts.decidedBy && $0.role.mayDecide })
        {
            return try await refused("undo by another", facts.number) { world in
                try await world.server().undo(facts.number, version: facts.version, by: other)
            }
        }
        guard let (filed, facts) = try await someCase() else { return nil }
        let barred = try await barred(facts.number)
        let strangers = cast.merchants.indices.filter { $0 != filed.merchant }.flatMap { cast.merchants[$0].staff }
        let unable = cast.staff(of: filed.merchant).filter { [.clerk, .support].contains($0.role) }
        guard let person = dice.pick(barred.isEmpty || dice.permille(300) ? strangers + unable : barred) else {
            return nil
        }
        let amount = facts.asked
        return try await refused("approve by a wrong \(person.role.rawValue)", filed.number) { world in
            if facts.state == .awaitingSecond {
                try await world.server().second(
                    facts.number, decision: .approve, note: "", version: facts.version, by: person)
            } else {
                try await world.server().approve(
                    facts.number, amount: amount, checks: Set(Check.allCases), note: "", version: facts.version,
                    by: person)
            }
        }
    }

    /// The one who approved first, and the one who proposed, are not the second.
    private func tryWrongSecond() async throws -> String? {
        if dice.permille(400) {
            let open = try await honest.read { sql in
                try sql.row(
                    """
                    SELECT   joint_proposal.id, joint_proposal.proposed_by, refund_case.number
                    FROM     joint_proposal
                    JOIN     refund_case
                    ON       refund_case.id = joint_proposal.case_id
                    WHERE    joint_proposal.state = 'open'
                    ORDER BY joint_proposal.proposed_ms DESC, joint_proposal.id
                    LIMIT    1
                    """
                ).map { (try $0.text("id"), try $0.text("proposed_by"), try CaseNumber.parse(try $0.text("number"))) }
            }
            guard let (id, proposer, number) = open, let staff = person(proposer) else { return nil }
            return try await refused("confirming one's own proposal", number) { world in
                try await world.server().confirmProposal(id, by: staff)
            }
        }
        guard let filed = try await anyCase(in: .awaitingSecond), let facts = try await facts(filed.number),
            let first = person(facts.firstBy)
        else { return nil }
        return try await refused("both approvals by one", filed.number) { world in
            try await world.server().second(
                filed.number, decision: .approve, note: "", version: facts.version, by: first)
        }
    }

    /// One fen more than was asked.
    private func tryTooMuch() async throws -> String? {
        guard let (filed, facts) = try await someCase(),
            let more = Money(minor: facts.asked.minor + 1, currency: facts.asked.currency),
            let staff = dice.pick(cast.staff(of: filed.merchant).filter(\.role.mayDecide))
        else { return nil }
        let isOffer = dice.permille(500)
        return try await refused("\(isOffer ? "offering" : "approving") too much", filed.number) { world in
            if isOffer {
                try await world.server().offer(
                    filed.number, amount: facts.asked, reason: .other, explanation: World.words,
                    version: facts.version, by: staff)
            } else {
                try await world.server().approve(
                    filed.number, amount: more, checks: Set(Check.allCases), note: "", version: facts.version,
                    by: staff)
            }
        }
    }

    /// Nobody acts for a cardholder who did not agree to it.
    private func tryWithoutConsent() async throws -> String? {
        guard let (filed, facts) = try await someCase(), let staff = dice.pick(operators([.support])) else {
            return nil
        }
        let behalf = OnBehalf(staff: staff, consent: false)
        return try await refused("withdrawing without consent", filed.number) { world in
            try await world.server().withdraw(
                filed.number, reason: "", version: facts.version, by: .agent(behalf))
        }
    }

    func someCase() async throws -> (Cast.Filed, CaseFacts)? {
        guard let filed = dice.pickLate(cast.filed), let facts = try await facts(filed.number) else { return nil }
        return (filed, facts)
    }

    /// People who may not decide a case: whoever made it, and after an appeal whoever decided before.
    private func barred(_ number: CaseNumber) async throws -> [StaffMember] {
        let ids = try await honest.read { sql in
            try sql.rows(
                """
                SELECT   DISTINCT event.actor_id
                FROM     event
                JOIN     refund_case
                ON       refund_case.id = event.case_id
                WHERE    refund_case.number = $1
                AND      event.actor_id IS NOT NULL
                AND      (event.what IN ('case.begun', 'case.submitted', 'case.answered', 'case.appealed',
                                         'case.reopened')
                          OR event.transition IN ('R9', 'R12', 'R13', 'R14', 'R16', 'R26')
                          AND event.number < (SELECT MAX(appeal.number)
                                              FROM   event AS appeal
                                              WHERE  appeal.case_id = refund_case.id
                                              AND    appeal.transition IN ('R17', 'R18')))
                ORDER BY event.actor_id
                LIMIT    100
                """, [.text(number.text)]
            ).map { try $0.text("actor_id") }
        }
        return ids.compactMap(person)
    }
}

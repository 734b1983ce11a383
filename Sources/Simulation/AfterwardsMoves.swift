import RefundDesk
import RefundDomain
import Storage

/// What happens to a case whose money was sent: it arrived, or not, or is wrong, and support answers.
extension World {
    static let afterwardsMoves = [
        Move(name: "tells of the money", weight: 40) { try await $0.tellOfMoney() },
        Move(name: "support answers", weight: 20) { try await $0.answerEnquiry() },
        Move(name: "names an account", weight: 10) { try await $0.nameDestination() },
    ]

    /// A cardholder looks at the account.
    private func tellOfMoney() async throws -> String? {
        guard let filed = dice.pickLate(cast.filed), let facts = try await facts(filed.number),
            facts.state == .approved || facts.state == .closed
        else { return nil }
        let isPaid = try await honest.read { sql in
            try sql.row(
                """
                SELECT   movement.id
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                WHERE    refund_case.number = $1
                AND      movement.state IN ('succeeded', 'arrived', 'at_bank')
                ORDER BY movement.id
                LIMIT    1
                """, [.text(filed.number.text)]) != nil
        }
        guard isPaid else { return nil }
        switch dice.number(0...9) {
        case 0...5:
            try await asCardholder(filed) { desk, visitor in
                try await desk.confirmArrival(filed.number, on: nil, version: facts.version, visitor: visitor)
            }
            return "\(filed.number.text): it arrived"
        case 6...7:
            try await asCardholder(filed) { desk, visitor in
                try await desk.reportNotArrived(filed.number, version: facts.version, visitor: visitor)
            }
            return "\(filed.number.text): it has not arrived"
        default:
            let expected = facts.asked
            try await asCardholder(filed) { desk, visitor in
                try await desk.reportWrongAmount(
                    filed.number, expected: expected, details: "", version: facts.version, visitor: visitor)
            }
            return "\(filed.number.text): it should be \(expected.minor)"
        }
    }

    /// A cardholder names another account for money that came back, with proof that it is theirs.
    private func nameDestination() async throws -> String? {
        let state = dice.permille(500) ? Movement.State.returned : .needsPayeeAction
        let number = try await honest.read { sql in
            try sql.row(
                """
                SELECT   refund_case.number
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                WHERE    movement.state = $1
                ORDER BY movement.changed_ms DESC, movement.id
                LIMIT    1
                """, [.text(state.rawValue)])?.text("number")
        }
        guard let filed = cast.filed.last(where: { $0.number.text == number }),
            let facts = try await facts(filed.number)
        else { return nil }
        let proof = NewProof(
            kind: .bankRecord, mediaType: "image/jpeg", bytes: 1_000, sha256: dice.bytes(32),
            storedName: "proof-\(cast.next())", fileKey: dice.bytes(32))
        try await asCardholder(filed) { desk, visitor in
            try await desk.nameDestination(
                filed.number, account: "62220210011223344556", bank: "ICBC", holder: "Zhang Wei", proofs: [proof],
                version: facts.version, visitor: visitor)
        }
        return "\(filed.number.text) of \(state.rawValue)"
    }

    /// Somebody of support answers a complaint.
    private func answerEnquiry() async throws -> String? {
        let open = try await honest.read { sql in
            try sql.row(
                """
                SELECT   enquiry.id, refund_case.number, refund_case.version
                FROM     enquiry
                JOIN     refund_case
                ON       refund_case.id = enquiry.case_id
                WHERE    enquiry.answered_ms IS NULL
                ORDER BY enquiry.opened_ms, enquiry.id
                LIMIT    1
                """
            ).map { (try $0.text("id"), try $0.text("number"), try $0.int("version")) }
        }
        guard let (id, number, version) = open, let staff = dice.pick(cast.operators.filter({ $0.role == .support }))
        else { return nil }
        try await server().answerEnquiry(
            id, of: try CaseNumber.parse(number), text: "The bank says that it is on its way.", version: version,
            by: staff)
        return number
    }
}

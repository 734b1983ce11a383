import RefundDesk
import RefundDomain
import Storage

/// What the pages of a case read beside the case itself.
extension OwnCaseQuery {
    private var movementsMax: Int64 { 50 }
    private var enquiriesMax: Int64 { 20 }

    func movements(_ id: String, _ currency: Currency, _ sql: any SQLReading) throws -> [OwnCase.MoneyMove] {
        try sql.rows(
            """
            SELECT   id, state, gross_minor, taken_minor, created_ms, sent_ms, settled_ms, changed_ms,
                     last_checked_ms, next_check_ms, expected_from, expected_on, expected_exact, arrived_ms,
                     returned_ms, overdue_ms, replaces_id, corrects_id, refund_number, channel_refund_number,
                     bank_reference, route
            FROM     movement
            WHERE    case_id = $1
            ORDER BY sequence, id
            LIMIT    $2
            """, [.text(id), .int(movementsMax)]
        ).map { row in
            guard let state = Movement.State(rawValue: try row.text("state")) else {
                throw StoreFault.wrongKind("state")
            }
            return OwnCase.MoneyMove(
                id: try row.text("id"), state: state, gross: try row.money("gross_minor", in: currency),
                taken: try row.money("taken_minor", in: currency),
                planned: try row.moment("created_ms"), sent: try row.momentOrNil("sent_ms"),
                settled: try row.momentOrNil("settled_ms"), changed: try row.moment("changed_ms"),
                lastChecked: try row.momentOrNil("last_checked_ms"), nextCheck: try row.momentOrNil("next_check_ms"),
                expected: try row.expectedArrival(), arrived: try row.momentOrNil("arrived_ms"),
                returned: try row.momentOrNil("returned_ms"), overdue: try row.momentOrNil("overdue_ms"),
                replaces: try row.textOrNil("replaces_id"), corrects: try row.textOrNil("corrects_id"),
                refundNumber: try row.text("refund_number"),
                channelRefundNumber: try row.textOrNil("channel_refund_number"),
                bankReference: try row.textOrNil("bank_reference"),
                isRerouted: try row.text("route") == "bank-card")
        }
    }

    func proofs(_ id: String, _ sql: any SQLReading) throws -> [OwnCase.Proof] {
        try sql.rows(
            """
            SELECT    proof.id, proof.kind, proof.media_type, proof.bytes, proof.created_ms, proof.verdict,
                      proof_check.scan, proof_check.drawing, proof_check.shown_count, proof_check.page_count
            FROM      proof
            LEFT JOIN proof_check
            ON        proof_check.id = proof.id
            WHERE     proof.case_id = $1
            AND       proof.removed_ms IS NULL
            ORDER BY  proof.created_ms, proof.id
            LIMIT     $2
            """, [.text(id), .int(ProofRoom.filesMax)]
        ).map { row in
            OwnCase.Proof(
                id: try row.text("id"), kind: ProofKind(rawValue: try row.text("kind")) ?? .other,
                mediaType: try row.text("media_type"), bytes: try row.int("bytes"),
                uploaded: try row.moment("created_ms"), standing: try ProofStanding(row),
                verdict: try row.textOrNil("verdict").flatMap(ProofVerdict.init(rawValue:)))
        }
    }

    func question(_ id: String, _ merchant: String, _ sql: any SQLReading) throws -> OwnCase.Question? {
        try sql.row(
            """
            SELECT   id, items, question_sealed, due_on
            FROM     question
            WHERE    case_id = $1
            AND      answered_ms IS NULL
            ORDER BY asked_ms DESC, id DESC
            LIMIT    1
            """, [.text(id)]
        ).map { row in
            let question = try row.text("id")
            let place = SealPlace("question", "question_sealed", row: question, tenant: merchant, .words)
            let items = try row.text("items").split(separator: ",").compactMap { ProofKind(rawValue: String($0)) }
            return OwnCase.Question(
                id: question, text: try desk.seals.openText(row.bytes("question_sealed"), place, sql) ?? "",
                items: items, due: Day(iso: try row.text("due_on")))
        }
    }

    /// What stops the payment's money now, oldest first.
    func blocks(_ paymentID: String, _ sql: any SQLReading) throws -> [Block] {
        try sql.rows(
            """
            SELECT   kind
            FROM     block
            WHERE    payment_id = $1
            AND      closed_ms IS NULL
            ORDER BY opened_ms, id
            LIMIT    20
            """, [.text(paymentID)]
        ).compactMap { Block(rawValue: try $0.text("kind")) }
    }

    func enquiries(
        _ id: String, _ merchant: String, _ currency: Currency, _ sql: any SQLReading
    ) throws -> [OwnCase.Enquiry] {
        try sql.rows(
            """
            SELECT   id, kind, expected_minor, opened_ms, answered_ms, answer_sealed
            FROM     enquiry
            WHERE    case_id = $1
            ORDER BY opened_ms, id
            LIMIT    $2
            """, [.text(id), .int(enquiriesMax)]
        ).compactMap { row in
            let place = SealPlace("enquiry", "answer_sealed", row: try row.text("id"), tenant: merchant, .words)
            return try EnquiryKind(rawValue: try row.text("kind")).map { kind in
                OwnCase.Enquiry(
                    kind: kind, expected: try row.moneyOrNil("expected_minor", in: currency),
                    opened: try row.moment("opened_ms"), answered: try row.momentOrNil("answered_ms"),
                    answer: try desk.seals.openText(row.bytesOrNil("answer_sealed"), place, sql))
            }
        }
    }

    func destinationNamed(_ id: String, _ sql: any SQLReading) throws -> Moment? {
        try sql.row(
            """
            SELECT   created_ms
            FROM     payee_destination
            WHERE    case_id = $1
            ORDER BY created_ms DESC, id DESC
            LIMIT    1
            """, [.text(id)])?.momentOrNil("created_ms")
    }
}

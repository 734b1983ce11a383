import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// What the database refuses by itself, whatever the code above it does.
@Suite struct SchemaTests {
    static let violations = [
        "UPDATE payment SET open_minor = amount_minor + 1",
        "UPDATE payment SET refunded_minor = amount_minor",
        "UPDATE payment SET refunded_elsewhere_minor = amount_minor",
        "UPDATE payment SET open_minor = -1",
        "UPDATE payment SET open_minor = 0",
        "UPDATE payment SET committed_minor = committed_minor + 1",
        "UPDATE payment SET fee_given_back_minor = fee_minor + 1",
        "UPDATE payment SET movement_count = -1",
        "UPDATE payment SET fee_minor = amount_minor + 1",
        "UPDATE balance SET balance_minor = -1",
        "UPDATE hold SET held_minor = cost_minor + 1",
        "UPDATE hold SET held_minor = -1",
        "UPDATE posting_line SET amount_minor = 0",
        "UPDATE posting_line SET amount_minor = -5",
        "UPDATE posting_line SET credit_account = debit_account",
        "UPDATE posting_line SET posting_id = 'none'",
        "UPDATE movement SET state = 'refunded'",
        "UPDATE movement SET state = 'ready', attempts = -1",
        "UPDATE movement SET sent_ms = NULL",
        "UPDATE movement SET attempts = 0",
        "UPDATE movement SET replays = 6, attempts = 9",
        "UPDATE movement SET replays = 2",
        "UPDATE movement SET gross_minor = 0",
        "UPDATE movement SET fee_given_back_minor = gross_minor + 1",
        "UPDATE movement SET refund_number = NULL",
        "UPDATE movement SET payment_id = 'none'",
        """
        INSERT INTO attempt (movement_id, number, request_hash, started_ms)
        SELECT movement_id, 1, (SELECT mac FROM stream_head LIMIT 1), 1 FROM attempt
        """,
        "UPDATE refund_case SET state = 'refunded'",
        "UPDATE refund_case SET state = 'declined'",
        "UPDATE refund_case SET state = 'declined', decline_reason = 'other', remedy = 'appeal'",
        "UPDATE refund_case SET state = 'declined', decline_reason = 'other', explanation_sealed = link_sealed",
        "UPDATE refund_case SET state = 'declined', remedy = 'appeal', explanation_sealed = link_sealed",
        "UPDATE refund_case SET state = 'counter_offered'",
        "UPDATE refund_case SET approved_minor = NULL",
        "UPDATE refund_case SET approved_minor = asked_minor + 1",
        "UPDATE refund_case SET approved_minor = 0",
        "UPDATE refund_case SET asked_minor = NULL",
        "UPDATE refund_case SET offered_minor = asked_minor",
        "UPDATE refund_case SET submission = NULL",
        "UPDATE refund_case SET contact_proved_ms = NULL",
        "UPDATE refund_case SET decided_by = NULL",
        "UPDATE refund_case SET decided_by = 'nobody'",
        "UPDATE refund_case SET version = 0",
        "UPDATE contact_code SET tries_left = -1",
        "UPDATE contact_code SET tries_left = tries_given + 1",
        "UPDATE contact_code SET tries_given = 6",
        "UPDATE contact_code SET case_id = NULL",
        "UPDATE event SET number = 0 WHERE number = 1",
        "UPDATE event SET visibility = 'secret'",
        "UPDATE event SET text_sealed = (SELECT mac FROM stream_head LIMIT 1), text_digest = NULL",
        "UPDATE stream_head SET number = -1",
        "UPDATE visitor_case SET viewer = 'link', link_hash = NULL",
        "UPDATE visitor_case SET viewer = 'owner'",
        "UPDATE staff SET merchant_id = NULL WHERE role = 'reviewer'",
        "UPDATE staff SET role = 'support' WHERE role = 'reviewer'",
        "UPDATE outbox SET movement_id = NULL WHERE kind = 'query-movement'",
        "UPDATE outbox SET message_id = NULL WHERE kind = 'send-message'",
        """
        INSERT INTO outbox (id, kind, movement_id, not_before_ms, attempts, lease, lease_until_ms, created_ms)
        SELECT 'second', kind, movement_id, 0, 0, 0, 0, 0 FROM outbox WHERE kind = 'query-movement' AND done_ms IS NULL
        """,
        "DELETE FROM refund_case",
        "DELETE FROM payment",
        "DELETE FROM merchant",
    ]

    @Test(arguments: EngineUnderTest.allCases)
    func everyViolationIsRefusedByTheDatabase(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let filed = try await world.approved(try await world.pay(), asking: 1_000)
            _ = try await world.sent(filed)
            for statement in SchemaTests.violations {
                do {
                    let changed = try await world.store.write { sql in try sql.run(statement) }
                    Issue.record("\(statement) changed \(changed) rows")
                } catch StoreFault.constraint {
                    continue
                }
            }
            #expect(try await desk.verify() == [])
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func twoMovementsNeverShareANumber(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { _, world in
            for _ in 0..<2 { _ = try await world.approved(try await world.pay(), asking: 1_000) }
            await #expect(throws: StoreFault.constraint(.unique)) {
                try await world.store.write { sql in
                    _ = try sql.run("UPDATE movement SET refund_number = 'RP0'")
                }
            }
        }
    }
}

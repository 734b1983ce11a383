import RefundDomain
import Storage
import TestSupport
import Testing

@testable import RefundDesk

/// How engines find the next job among many.
@Suite struct ClaimPlanTests {
    @Test(arguments: EngineUnderTest.allCases)
    func aClaimReadsOnlyWhatIsDue(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let now = world.clock.now
            try await desk.store.write(.eachStatement) { sql in
                // 100,000 are done, 900 are for later, 100 are due.
                try sql.run(
                    """
                    WITH RECURSIVE number (n) AS (
                        SELECT 1
                        UNION ALL
                        SELECT n + 1
                        FROM   number
                        WHERE  n < 101000
                    )
                    INSERT INTO outbox (id, kind, message_id, not_before_ms, attempts, lease, lease_until_ms, done_ms,
                                        created_ms)
                    SELECT 'job-' || CAST(n AS TEXT), 'send-message', 'none',
                           CAST($1 AS BIGINT) - 200000 + n + CASE WHEN n > 100100 THEN 86400000 ELSE 0 END, 1, 1, 0,
                           CASE WHEN n <= 100000 THEN n ELSE NULL END, 1
                    FROM   number
                    """, [.int(now.milliseconds)])
                try sql.run("ANALYZE outbox")
            }
            let values = [SQLValue.int(now.milliseconds), .int(now.milliseconds), .int(60_000), .int(0)]
            let plan = try await desk.store.read { sql in
                switch engine {
                case .sqlite:
                    try sql.rows("EXPLAIN QUERY PLAN " + OutboxTable.claimOnSQLite, values)
                        .map { try $0.text("detail") }
                case .postgres:
                    try sql.rows("EXPLAIN " + OutboxTable.claimOnPostgres, values).map { try $0.text("QUERY PLAN") }
                }
            }
            #expect(plan.contains { $0.contains("outbox_due") }, "\(plan)")
            #expect(!plan.contains { $0.contains("SCAN outbox") || $0.contains("Seq Scan") }, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.contains("Sort") }, "\(plan)")
            var claimed = 0
            while let job = try await desk.claimJob() {
                claimed += 1
                #expect(job.id == "job-\(100_000 + claimed)")
            }
            #expect(claimed == 100)
        }
    }
}

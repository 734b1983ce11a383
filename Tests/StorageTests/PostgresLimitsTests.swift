import Testing

@testable import StoragePostgres

struct PostgresLimitsTests {
    @Test func aProcessThatStandsStillIsWaitedForWithPatience() {
        let limits = PostgresLimits.serving
        #expect(2 * limits.idleSeconds <= limits.patienceSeconds)
        #expect(limits.statements("SET").contains("SET idle_in_transaction_session_timeout = '2s'"))
    }
}

public import Storage

/// Something that does not hold, found by ``Desk/verify()``.
public struct Fault: Sendable, Hashable {
    /// Which check found it, for example `audit-chain`.
    public let check: String
    /// The row it is about.
    public let object: String
    public let detail: String
}

extension Desk {
    /// Recomputes the audit chain, the books and the invariants of `docs/lifecycle.md`; only reads.
    ///
    /// - Returns: what does not hold, at most ``verifyFaultsMax``; empty when everything does.
    public func verify() async throws -> [Fault] {
        try await store.read { sql in try verify(sql) }
    }

    /// The same inside a transaction, of what it sees.
    public func verify(_ sql: any SQLReading) throws -> [Fault] {
        var faults: [Fault] = []
        try verifyChain(sql, &faults)
        try verifyCaseRecords(sql, &faults)
        try verifyMovementRecords(sql, &faults)
        try verifyBalances(sql, &faults)
        try verifyInFlight(sql, &faults)
        try verifyHolds(sql, &faults)
        try verifyPayments(sql, &faults)
        try verifyImports(sql, &faults)
        try verifyReturned(sql, &faults)
        try verifyDisputes(sql, &faults)
        try verifyElsewhere(sql, &faults)
        try verifyLinks(sql, &faults)
        try verifyCalendar(sql, &faults)
        try verifyExpectedArrivals(sql, &faults)
        try verifyVouched(sql, &faults)
        try verifyGroups(sql, &faults)
        try verifyImportedRows(sql, &faults)
        try verifySignatures(sql, &faults)
        try verifyAttempts(sql, &faults)
        try verifyJobs(sql, &faults)
        try verifyKeys(sql, &faults)
        try verifyDecisions(sql, &faults)
        return Array(faults.prefix(Desk.verifyFaultsMax))
    }

    /// The most faults that are listed.
    public static let verifyFaultsMax = 1000

    /// One fault for each row of a statement whose `kept` and `counted` differ.
    func verifyRows(
        _ sql: any SQLReading, _ faults: inout [Fault], check: String, _ statement: String
    ) throws {
        var found: [Fault] = []
        try sql.each(statement) { row in
            let kept = try row.int("kept")
            let counted = try row.int("counted")
            guard kept != counted, found.count < Desk.verifyFaultsMax else { return }
            found.append(
                Fault(check: check, object: try row.text("object"), detail: "kept \(kept), counted \(counted)"))
        }
        faults += found
    }
}

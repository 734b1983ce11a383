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
        for check in checks {
            do { try check(sql, &faults) } catch let fault as StoreFault {
                // A value that no verb writes: the check ends there, the others name the row.
                guard let column = fault.unreadableColumn else { throw fault }
                faults.append(Fault(check: "value", object: column, detail: "holds what no verb writes"))
            }
        }
        return Array(faults.prefix(Desk.verifyFaultsMax))
    }

    private var checks: [(any SQLReading, inout [Fault]) throws -> Void] {
        [
            verifyChain, verifyCaseRecords, verifyMovementRecords, verifyBalances, verifyInFlight, verifyHolds,
            verifyPayments, verifyImports, verifyReturned, verifyDisputes, verifyElsewhere, verifyLinks,
            verifyCalendar, verifyCapabilities, verifyExpectedArrivals, verifyVouched, verifyVouchedCases, verifyGroups,
            verifyImportedRows, verifySignatures, verifyAttempts, verifySendings, verifyPostings, verifyJobs,
            verifyProofJobs, verifyHoldRows, verifyMessages, verifyKeys, verifyDecisions, verifyDifferences,
            verifyApprovals,
        ]
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

extension StoreFault {
    /// The column whose value could not be read; nil for other faults.
    fileprivate var unreadableColumn: String? {
        if case .wrongKind(let column) = self { return column }
        if case .unexpectedNull(let column) = self { return column }
        return nil
    }
}

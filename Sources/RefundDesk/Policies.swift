public import RefundDomain
public import Storage

/// Which rules hold: a case keeps the version that it was submitted under, everything new goes by the merchant's
/// policy of its day.
extension Desk {
    /// The policy that a case was submitted under; for a draft, the merchant's of the day it was begun.
    func policy(of row: CaseRow, _ sql: any SQLReading) throws -> Policy {
        guard let version = row.policyVersion else {
            return try policy(of: row.merchantID, on: try today(row.merchantID, row.created, sql), sql)
        }
        return try policy(version: version, of: row.merchantID, sql)
    }

    /// The policy that the case with an id was submitted under.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func policy(ofCase id: String, _ sql: any SQLReading) throws -> Policy {
        guard let row = try CaseTable.find(id: id, sql) else { throw Refusal.notFound }
        return try policy(of: row, sql)
    }

    /// The policy of a merchant in force on a day: the newest confirmed one that had begun by then, else the standard.
    public func policy(of merchantID: String, on day: Day, _ sql: any SQLReading) throws -> Policy {
        policy
    }

    /// The policy of a merchant that bears a version.
    public func policy(version: String, of merchantID: String, _ sql: any SQLReading) throws -> Policy {
        policy
    }
}

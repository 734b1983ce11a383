import RefundDomain
public import Storage

/// Who made a case: none of them may decide it, however long ago it was and whatever role they have now.
public enum Makers {
    /// More than any case has.
    private static let most: Int64 = 1_000
    /// What makes somebody a maker; the statement below has the same words.
    static let acts: Set<String> = [
        "case.begun", "case.submitted", "case.changed", "case.answered", "case.appealed", "case.reopened",
        "proof.added",
    ]
    /// What two people do together that makes both of them makers; the statement below has the same words.
    static let jointActs: Set<String> = [JointAction.reopen.rawValue, JointAction.reroute.rawValue]

    /// Everybody who filed, changed, uploaded, answered or appealed for the cardholder, and who had the case opened
    /// again or its money sent elsewhere.
    ///
    /// Whoever gave the first of two approvals is no maker: the second one asks for another person by itself.
    public static func of(caseID: String, _ sql: any SQLReading) throws -> Set<String> {
        let acted = try sql.rows(
            """
            SELECT   DISTINCT actor_id
            FROM     event
            WHERE    case_id = $1
            AND      actor_id IS NOT NULL
            AND      what IN ('case.begun', 'case.submitted', 'case.changed', 'case.answered', 'case.appealed',
                              'case.reopened', 'proof.added')
            ORDER BY actor_id
            LIMIT    $2
            """, [.text(caseID), .int(most)])
        let agreed = try sql.rows(
            """
            SELECT   proposed_by, decided_by
            FROM     joint_proposal
            WHERE    case_id = $1
            AND      action IN ('reopen', 'reroute')
            AND      state <> 'refused'
            ORDER BY proposed_ms, id
            LIMIT    $2
            """, [.text(caseID), .int(most)])
        var makers = Set(try acted.map { try $0.text("actor_id") })
        for row in agreed {
            makers.insert(try row.text("proposed_by"))
            if let second = try row.textOrNil("decided_by") { makers.insert(second) }
        }
        return makers
    }
}

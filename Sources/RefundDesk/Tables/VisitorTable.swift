import RefundDomain
import Storage
import Vault

/// Sessions of people without an account; kept by the hash of their token.
enum VisitorTable {
    struct NewSession {
        let token: String
        let previous: String?
        let paymentID: String?
        let lookUp: String?
        let now: Moment
    }

    struct Row {
        let paymentID: String?
        let lookUp: String?
        let draftCaseID: String?
        let lastCaseID: String?
    }

    static func hash(_ token: String) -> [UInt8] {
        Digest.sha256(Array(token.utf8))
    }

    /// Makes a session; the cases that the previous one had open go over to it and the previous one ends.
    static func begin(_ session: NewSession, _ sql: any SQLTransaction) throws {
        let old = try session.previous.flatMap { try find($0, at: session.now, sql) }
        let expires = session.now.adding(seconds: LookUpLimits.sessionHours * 3600)
        try sql.run(
            """
            INSERT INTO visitor_session (token_hash, payment_id, look_up, draft_case_id, last_case_id, created_ms,
                                         last_seen_ms, expires_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
            """,
            [
                .bytes(hash(session.token)), .text(session.paymentID ?? old?.paymentID),
                .text(session.lookUp ?? old?.lookUp), .text(session.paymentID == nil ? old?.draftCaseID : nil),
                .text(old?.lastCaseID), .int(session.now.milliseconds), .int(expires.milliseconds),
            ])
        guard let previous = session.previous, old != nil else { return }
        try sql.run(
            """
            UPDATE visitor_case
            SET    token_hash = $1
            WHERE  token_hash = $2
            """, [.bytes(hash(session.token)), .bytes(hash(previous))])
        try sql.run("DELETE FROM visitor_session WHERE token_hash = $1", [.bytes(hash(previous))])
    }

    static func find(_ token: String, at now: Moment, _ sql: any SQLReading) throws -> Row? {
        try sql.row(
            """
            SELECT payment_id, look_up, draft_case_id, last_case_id
            FROM   visitor_session
            WHERE  token_hash = $1
            AND    expires_ms > $2
            """, [.bytes(hash(token)), .int(now.milliseconds)]
        ).map { row in
            Row(
                paymentID: try row.textOrNil("payment_id"), lookUp: try row.textOrNil("look_up"),
                draftCaseID: try row.textOrNil("draft_case_id"), lastCaseID: try row.textOrNil("last_case_id"))
        }
    }

    static func setDraft(_ caseID: String, token: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE visitor_session
            SET    draft_case_id = $1
            WHERE  token_hash = $2
            """, [.text(caseID), .bytes(hash(token))])
    }

    static func setSubmitted(_ caseID: String, token: String, _ sql: any SQLTransaction) throws {
        try sql.run(
            """
            UPDATE visitor_session
            SET    draft_case_id = NULL, last_case_id = $1
            WHERE  token_hash = $2
            """, [.text(caseID), .bytes(hash(token))])
    }

    /// Lets a session see a case; a proved contact is never lowered to a link again.
    static func grant(
        _ caseID: String, as viewer: Viewer, linkHash: [UInt8]?, token: String, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO visitor_case (token_hash, case_id, viewer, link_hash, created_ms)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (token_hash, case_id) DO UPDATE
            SET    viewer = $3, link_hash = $4
            WHERE  visitor_case.viewer = 'link'
            """,
            [
                .bytes(hash(token)), .text(caseID), .text(viewer.rawValue), .bytes(linkHash), .int(now.milliseconds),
            ])
    }
}

/// How a visitor came to a case, which decides what may be done with it.
public enum Viewer: String, Sendable, Hashable {
    /// By the private link: may look, answer and add proof.
    case link
    /// By a code to the known contact, or by having filed it: may do all that a cardholder may.
    case cardholder
}

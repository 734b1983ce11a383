public import RefundDomain
import Storage
import Vault

/// What a visitor may see of a case.
struct Sight {
    let row: CaseRow
    let viewer: Viewer
}

/// The life of private links.
public enum LinkLimits {
    /// Days after the case's last change until its private link ends.
    public static let days: Int64 = 90
}

extension Desk {
    /// How a visitor may see a case, or nil when not at all.
    public func viewer(of number: CaseNumber, visitor: String) async throws -> Viewer? {
        let now = clock()
        return try await store.read { sql in
            guard let row = try CaseTable.find(number: number, sql), row.wasSent else { return nil }
            return try viewer(of: row.id, token: visitor, at: now, sql)
        }
    }

    /// The version of a case now, for whoever is about to act on it.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func version(of number: CaseNumber) async throws -> Int64 {
        try await store.read { sql in
            guard let row = try CaseTable.find(number: number, sql), row.wasSent else { throw Refusal.notFound }
            return row.version
        }
    }

    /// Opens a case by its private link: makes a session that may look, answer and add proof.
    ///
    /// - Returns: the case's number and the session's new token, or nil when the link is unknown or too old.
    public func openLink(_ link: String, visitor: String?) async throws -> (number: CaseNumber, visitor: String)? {
        let now = clock()
        let token = try chance.token()
        let oldest = now.adding(seconds: -LinkLimits.days * 86_400)
        return try await store.write { sql in
            guard
                let found = try sql.row(
                    """
                    SELECT id, number
                    FROM   refund_case
                    WHERE  link_hash = $1
                    AND    changed_ms > $2
                    """, [.bytes(VisitorTable.hash(link)), .int(oldest.milliseconds)]),
                let number = try? CaseNumber.parse(try found.text("number"))
            else { return nil }
            let session = VisitorTable.NewSession(
                token: token, previous: visitor, paymentID: nil, lookUp: nil, now: now)
            try VisitorTable.begin(session, sql)
            let hash = VisitorTable.hash(link)
            try VisitorTable.grant(
                try found.text("id"), as: .link, linkHash: hash, token: token, at: now, sql)
            return (number, token)
        }
    }

    /// Sends a code to the proved contact of a case, when what was typed is a contact of it.
    ///
    /// Nothing tells whether it was: an unknown case and a wrong contact answer, and count tries, as a right one does.
    ///
    /// - Returns: the session's token, which the code will be tried with.
    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)``.
    public func requestTrackCode(
        for number: CaseNumber, contact typed: String, visitor: String?, address: String
    ) async throws -> String {
        let now = clock()
        let token = try chance.token()
        let made = try NewCode(self)
        let email = ContactText.normalEmail(typed.trimmed).map { keys.index(.email, $0) }
        let phone = ContactText.normalPhone(typed.trimmed).map { keys.index(.phone, $0) }
        return try await store.write { sql in
            try refuseTooManyTracks(address, at: now, sql)
            let session = try trackSession(visitor, or: token, at: now, sql)
            guard let row = try CaseTable.find(number: number, sql), row.wasSent,
                (email != nil && email == row.emailIndex) || (phone != nil && phone == row.phoneIndex),
                let contact = try contact(of: row, sql)
            else {
                try pretend(made, visitor: session, at: now, sql)
                return session
            }
            do {
                try send(made, .track, to: contact, of: row, visitor: session, at: now, sql)
            } catch Refusal.tooMany {
                // Thrown before anything was written. To tell it would tell that the contact is the right one.
                try pretend(made, visitor: session, at: now, sql)
            }
            return session
        }
    }

    /// The session that a code is asked from; one that is there stays, so that a code sent to it before still fits.
    private func trackSession(
        _ visitor: String?, or token: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> String {
        if let visitor, try VisitorTable.find(visitor, at: now, sql) != nil { return visitor }
        let session = VisitorTable.NewSession(token: token, previous: nil, paymentID: nil, lookUp: nil, now: now)
        try VisitorTable.begin(session, sql)
        return token
    }

    /// Opens a case with the code that was sent to its contact.
    ///
    /// - Returns: the session's new token.
    /// - Throws: ``Refusal/wrongCode(triesLeft:)``, ``Refusal/codeExpired``.
    public func proveTrackCode(_ code: String, for number: CaseNumber, visitor: String) async throws -> String {
        let now = clock()
        let token = try chance.token()
        let refusal = try await store.write { sql -> Refusal? in
            let found = try CaseTable.find(number: number, sql).flatMap { $0.wasSent ? $0 : nil }
            if let refusal = try tryCode(code, .track, caseID: found?.id, visitor: visitor, at: now, sql) {
                return refusal
            }
            guard let row = found else { return .codeExpired }
            let session = VisitorTable.NewSession(
                token: token, previous: visitor, paymentID: nil, lookUp: nil, now: now)
            try VisitorTable.begin(session, sql)
            try VisitorTable.grant(row.id, as: .cardholder, linkHash: nil, token: token, at: now, sql)
            return nil
        }
        if let refusal { throw refusal }
        return token
    }

    /// The case and how the visitor came to it.
    ///
    /// - Throws: ``Refusal/notFound`` when the visitor may not see it.
    func seen(
        _ number: CaseNumber, by visitor: String, at now: Moment, _ sql: any SQLReading
    ) throws -> Sight {
        guard let row = try CaseTable.find(number: number, sql), row.wasSent,
            let viewer = try viewer(of: row.id, token: visitor, at: now, sql)
        else { throw Refusal.notFound }
        return Sight(row: row, viewer: viewer)
    }

    /// The case, for somebody who may do everything that a cardholder may.
    func own(_ number: CaseNumber, of visitor: String, at now: Moment, _ sql: any SQLReading) throws -> CaseRow {
        let sight = try seen(number, by: visitor, at: now, sql)
        guard sight.viewer == .cardholder else { throw Refusal.contactUnproved }
        return sight.row
    }

    /// How a session may see a case; a link that was replaced opens nothing any more.
    func viewer(of caseID: String, token: String, at now: Moment, _ sql: any SQLReading) throws -> Viewer? {
        try sql.row(
            """
            SELECT visitor_case.viewer
            FROM   visitor_case
            JOIN   visitor_session
            ON     visitor_session.token_hash = visitor_case.token_hash
            JOIN   refund_case
            ON     refund_case.id = visitor_case.case_id
            WHERE  visitor_case.token_hash = $1
            AND    visitor_case.case_id = $2
            AND    visitor_session.expires_ms > $3
            AND    (visitor_case.link_hash IS NULL OR visitor_case.link_hash = refund_case.link_hash)
            """, [.bytes(VisitorTable.hash(token)), .text(caseID), .int(now.milliseconds)]
        ).flatMap { Viewer(rawValue: try $0.text("viewer")) }
    }

    func requireVersion(_ version: Int64, _ row: CaseRow) throws(Refusal) {
        guard version == row.version else { throw .stale(version: row.version) }
    }

    private func refuseTooManyTracks(_ address: String, at now: Moment, _ sql: any SQLTransaction) throws {
        let window = now.seconds / LookUpLimits.windowSeconds
        let asked = try MissTable.count(keys.keyedName("track:\(address)"), window: window, sql)
        guard asked <= LookUpLimits.missesPerAddress else {
            throw Refusal.tooMany(retryAfterSeconds: (window + 1) * LookUpLimits.windowSeconds - now.seconds)
        }
    }
}

import RefundDomain
import Storage
import Vault

/// What a code is good for.
enum CodePurpose: String, Sendable {
    case contact
    case track
}

/// The random parts of a code and its message, drawn before the transaction.
struct NewCode: Sendable {
    let id: String
    let code: String
    let messageID: String
    let jobID: String

    init(_ desk: Desk) throws {
        id = try desk.newID()
        code = try desk.chance.code()
        messageID = try desk.newID()
        jobID = try desk.newID()
    }
}

extension Desk {
    /// Makes a code for a session and writes the message that carries it; earlier codes for the same end.
    ///
    /// - Throws: ``Refusal/tooMany(retryAfterSeconds:)`` when the contact was sent too many lately.
    func send(
        _ made: NewCode, _ purpose: CodePurpose, to contact: Contact, of row: CaseRow, visitor: String,
        at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let index = contact.phone.map { keys.index(.phone, $0) } ?? keys.index(.email, contact.email ?? "")
        try refuseTooManyCodes(index, at: now, sql)
        if purpose == .contact { try refuseTooManyContacts(row.paymentID, at: now, sql) }
        let left = try inheritedTries(caseID: row.id, purpose, index: index, at: now, sql)
        try sql.run(
            """
            UPDATE contact_code
            SET    expires_ms = $1
            WHERE  case_id = $2
            AND    purpose = $3
            AND    expires_ms > $1
            """, [.int(now.milliseconds), .text(row.id), .text(purpose.rawValue)])
        try sql.run(
            """
            INSERT INTO contact_code (id, case_id, purpose, session_hash, contact_index, code_hash, tries_given,
                                      tries_left, expires_ms, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9)
            """,
            [
                .text(made.id), .text(row.id), .text(purpose.rawValue), .bytes(VisitorTable.hash(visitor)),
                .bytes(index), .bytes(codeHash(made.code, purpose, id: made.id, index: index)), .int(left),
                .int(now.adding(seconds: CodeLimits.lifeSeconds).milliseconds), .int(now.milliseconds),
            ])
        let message = NewMessage(
            id: made.messageID, jobID: made.jobID, kind: purpose == .contact ? .contactCode : .trackCode,
            values: ["code": made.code])
        try MessageTable.write(message, to: contact, of: row, at: now, seals, sql)
    }

    /// Makes a code that nobody is sent and that no typed code fits, so that a wrong contact or an unknown case answers
    /// tries as a right one does.
    func pretend(_ made: NewCode, visitor: String, at now: Moment, _ sql: any SQLTransaction) throws {
        let session = VisitorTable.hash(visitor)
        try sql.run(
            """
            INSERT INTO contact_code (id, case_id, purpose, session_hash, contact_index, code_hash, tries_given,
                                      tries_left, expires_ms, created_ms)
            VALUES ($1, NULL, $2, $3, $3, $4, $5, $5, $6, $7)
            """,
            [
                .text(made.id), .text(CodePurpose.track.rawValue), .bytes(session),
                .bytes(codeHash("no code", .track, id: made.id, index: session)), .int(CodeLimits.tries),
                .int(now.adding(seconds: CodeLimits.lifeSeconds).milliseconds), .int(now.milliseconds),
            ])
    }

    /// Tries a code. Wrong tries are counted, so the refusal is an answer here and not thrown: a throw would undo it.
    func tryCode(
        _ typed: String, _ purpose: CodePurpose, caseID: String?, visitor: String, at now: Moment,
        _ sql: any SQLTransaction
    ) throws -> Refusal? {
        guard
            let row = try sql.row(
                """
                SELECT   id, contact_index, code_hash, tries_left
                FROM     contact_code
                WHERE    (case_id = $1 OR case_id IS NULL)
                AND      purpose = $2
                AND      session_hash = $3
                AND      expires_ms > $4
                AND      used_ms IS NULL
                ORDER BY CASE WHEN case_id IS NULL THEN 1 ELSE 0 END, created_ms DESC, id DESC
                LIMIT    1
                """,
                [
                    .text(caseID), .text(purpose.rawValue), .bytes(VisitorTable.hash(visitor)),
                    .int(now.milliseconds),
                ])
        else { return .codeExpired }
        let id = try row.text("id")
        let counted = try sql.run(
            """
            UPDATE contact_code
            SET    tries_left = tries_left - 1
            WHERE  id = $1
            AND    tries_left > 0
            """, [.text(id)])
        guard counted == 1 else { return .codeExpired }
        let expected = try codeHash(digits(typed), purpose, id: id, index: row.bytes("contact_index"))
        guard constantTimeEqual(expected, try row.bytes("code_hash")) else {
            let left = try row.int("tries_left") - 1
            return left > 0 ? .wrongCode(triesLeft: left) : .codeExpired
        }
        try sql.run("UPDATE contact_code SET used_ms = $1 WHERE id = $2", [.int(now.milliseconds), .text(id)])
        return nil
    }

    /// Six digits, however they were typed: spaces and hyphens go, full-width digits become plain ones.
    private func digits(_ typed: String) -> String {
        var result = ""
        for scalar in typed.unicodeScalars.prefix(40) {
            switch scalar.value {
            case 0x30...0x39: result.unicodeScalars.append(scalar)
            case 0xFF10...0xFF19: result.append(String(scalar.value - 0xFF10))
            default: continue
            }
        }
        return result
    }

    private func codeHash(_ code: String, _ purpose: CodePurpose, id: String, index: [UInt8]) -> [UInt8] {
        CodeHash(key: keys.codeKey).hash(
            purpose: purpose.rawValue, request: id, contactIndex: index, code: code)
    }

    private func refuseTooManyCodes(_ index: [UInt8], at now: Moment, _ sql: any SQLReading) throws {
        let since = now.adding(seconds: -CodeLimits.lifeSeconds)
        let recent = try sql.row(
            """
            SELECT COUNT(*) AS made, COALESCE(MIN(created_ms), 0) AS oldest_ms
            FROM   contact_code
            WHERE  contact_index = $1
            AND    created_ms > $2
            """, [.bytes(index), .int(since.milliseconds)])
        guard let recent, try recent.int("made") >= CodeLimits.codesPerContact else { return }
        let oldest = Moment(milliseconds: try recent.int("oldest_ms"))
        let wait = oldest.adding(seconds: CodeLimits.lifeSeconds).seconds - now.seconds
        throw Refusal.tooMany(retryAfterSeconds: max(wait, 1))
    }

    private func refuseTooManyContacts(_ paymentID: String, at now: Moment, _ sql: any SQLReading) throws {
        let since = now.adding(seconds: -86_400)
        let recent = try sql.row(
            """
            SELECT COUNT(*) AS made, COALESCE(MIN(contact_code.created_ms), 0) AS oldest_ms
            FROM   refund_case
            JOIN   contact_code
            ON     contact_code.case_id = refund_case.id
            WHERE  refund_case.payment_id = $1
            AND    contact_code.purpose = $2
            AND    contact_code.created_ms > $3
            AND    contact_code.used_ms IS NULL
            """, [.text(paymentID), .text(CodePurpose.contact.rawValue), .int(since.milliseconds)])
        guard let recent, try recent.int("made") >= CodeLimits.unusedCodesPerPaymentAndDay else { return }
        let oldest = Moment(milliseconds: try recent.int("oldest_ms"))
        throw Refusal.tooMany(retryAfterSeconds: max(oldest.adding(seconds: 86_400).seconds - now.seconds, 1))
    }

    /// The tries a new code begins with: what is left of the one before it while that would still hold, else five,
    /// and never more than the contact has left today.
    private func inheritedTries(
        caseID: String, _ purpose: CodePurpose, index: [UInt8], at now: Moment, _ sql: any SQLReading
    ) throws -> Int64 {
        let before = try sql.row(
            """
            SELECT   tries_left, expires_ms
            FROM     contact_code
            WHERE    case_id = $1
            AND      purpose = $2
            AND      expires_ms > $3
            AND      used_ms IS NULL
            ORDER BY created_ms DESC, id DESC
            LIMIT    1
            """, [.text(caseID), .text(purpose.rawValue), .int(now.milliseconds)])
        let today = try sql.row(
            """
            SELECT COALESCE(SUM(tries_given - tries_left), 0) AS tried
            FROM   contact_code
            WHERE  contact_index = $1
            AND    created_ms > $2
            AND    used_ms IS NULL
            """, [.bytes(index), .int(now.adding(seconds: -86_400).milliseconds)])
        let leftToday = CodeLimits.triesPerContactAndDay - (try today?.int("tried") ?? 0)
        guard leftToday > 0 else { throw Refusal.tooMany(retryAfterSeconds: 86_400) }
        let left = try before?.int("tries_left") ?? CodeLimits.tries
        if left == 0, let expires = try before?.int("expires_ms") {
            throw Refusal.tooMany(retryAfterSeconds: max(expires / 1000 - now.seconds, 1))
        }
        return min(left, leftToday)
    }
}

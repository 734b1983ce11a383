import RefundDomain
import Storage
import Vault

/// How codes are made and how often they may be tried.
public enum CodeLimits {
    /// How long a code holds, in seconds: 10 minutes.
    public static let lifeSeconds: Int64 = 600
    public static let tries: Int64 = 5
    /// Codes that one contact is sent within ``lifeSeconds``.
    public static let codesPerContact: Int64 = 3
    /// Codes that are sent for one payment in a day and never typed, to whatever contacts: one slip must not reach a
    /// thousand phones.
    public static let unusedCodesPerPaymentAndDay: Int64 = 12
    /// Wrong tries of one contact in a day, over all codes.
    public static let triesPerContactAndDay: Int64 = 20
}

extension Desk {
    /// Notes who asks and how to reach them, and sends a code there.
    ///
    /// The code goes to the telephone when there is one, else by e-mail. A changed contact has to be proved again, the
    /// same one is not sent another.
    ///
    /// - Throws: ``Refusal/field(_:_:)``; ``Refusal/tooMany(retryAfterSeconds:)`` after three codes in ten minutes.
    public func giveContact(
        name: String, email: String, phone: String, visitor: String
    ) async throws {
        let contact = try checkedContact(name: name, email: email, phone: phone)
        let now = clock()
        let made = try NewCode(self)
        try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            let staysProved = try write(contact, into: row, at: now, sql)
            // Somebody who corrects only the name has shown that the contact is theirs.
            if staysProved { return }
            try send(made, .contact, to: contact, of: row, visitor: visitor, at: now, sql)
        }
    }

    /// Sends a new code to the contact of the draft; the one before it ends and its tries go on counting.
    public func resendContactCode(visitor: String) async throws {
        let now = clock()
        let made = try NewCode(self)
        try await store.write { sql in
            let row = try ownDraft(visitor, at: now, sql)
            guard let contact = try contact(of: row, sql) else { throw Refusal.stepMissing(.contact) }
            try send(made, .contact, to: contact, of: row, visitor: visitor, at: now, sql)
        }
    }

    /// Proves the contact of the draft with the code that was sent there. A contact that is proved stays so, whatever
    /// is typed: a form whose answer was lost is sent again, and its code was used by then.
    ///
    /// - Throws: ``Refusal/wrongCode(triesLeft:)``, ``Refusal/codeExpired``.
    public func proveContact(code: String, visitor: String) async throws {
        let now = clock()
        let outcome = try await store.write { sql -> Refusal? in
            let row = try ownDraft(visitor, at: now, sql)
            if row.contactProved != nil { return nil }
            let refusal = try tryCode(code, .contact, caseID: row.id, visitor: visitor, at: now, sql)
            guard refusal == nil else { return refusal }
            try sql.run(
                """
                UPDATE refund_case
                SET    contact_proved_ms = $1, version = version + 1, changed_ms = $1
                WHERE  id = $2
                """, [.int(now.milliseconds), .text(row.id)])
            return nil
        }
        if let outcome { throw outcome }
    }

    private func checkedContact(name: String, email: String, phone: String) throws -> Contact {
        let name = name.trimmed
        guard !name.isEmpty else { throw Refusal.field("name", .missing) }
        try check(name, "name", TextLimits.nameCharactersMax)
        if name.contains(where: \.isNewline) { throw Refusal.field("name", .unreadable) }
        let typedEmail = email.trimmed
        let typedPhone = phone.trimmed
        if typedEmail.isEmpty, typedPhone.isEmpty { throw Refusal.field("email", .missing) }
        try check(typedEmail, "email", TextLimits.contactCharactersMax)
        try check(typedPhone, "phone", TextLimits.contactCharactersMax)
        let normalEmail = typedEmail.isEmpty ? nil : ContactText.normalEmail(typedEmail)
        let normalPhone = typedPhone.isEmpty ? nil : ContactText.normalPhone(typedPhone)
        if !typedEmail.isEmpty, normalEmail == nil { throw Refusal.field("email", .unreadable) }
        if !typedPhone.isEmpty, normalPhone == nil { throw Refusal.field("phone", .unreadable) }
        return Contact(name: name, email: normalEmail, phone: normalPhone)
    }

    /// Writes the contact down; whether it is the one that was proved before.
    private func write(
        _ contact: Contact, into row: CaseRow, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        let email = contact.email.map { keys.index(.email, $0) }
        let phone = contact.phone.map { keys.index(.phone, $0) }
        let isSame = email == row.emailIndex && phone == row.phoneIndex
        let proved = isSame ? row.contactProved : nil
        try sql.run(
            """
            UPDATE refund_case
            SET    name_sealed = $1, email_sealed = $2, phone_sealed = $3, name_index = $4, email_index = $5,
                   phone_index = $6, consent_version = $7, contact_proved_ms = $8, version = version + 1,
                   changed_ms = $9
            WHERE  id = $10
            AND    state = 'draft'
            """,
            [
                .bytes(try seals.seal(contact.name, row.place("name_sealed"), sql)),
                .bytes(try seals.seal(contact.email, row.place("email_sealed"), sql)),
                .bytes(try seals.seal(contact.phone, row.place("phone_sealed"), sql)),
                .bytes(keys.index(.name, contact.name.lowercased())), .bytes(email), .bytes(phone),
                .text(TextLimits.consentVersion), .int(proved?.milliseconds),
                .int(now.milliseconds), .text(row.id),
            ])
        return proved != nil
    }

    /// The contact of a case in clear.
    func contact(of row: CaseRow, _ sql: any SQLReading) throws -> Contact? {
        let email = try seals.openText(row.emailSealed, row.place("email_sealed"), sql)
        let phone = try seals.openText(row.phoneSealed, row.place("phone_sealed"), sql)
        guard email != nil || phone != nil else { return nil }
        let name = try seals.openText(row.nameSealed, row.place("name_sealed"), sql) ?? ""
        return Contact(name: name, email: email, phone: phone)
    }
}

/// Who asks, with normalised addresses.
struct Contact: Sendable {
    let name: String
    let email: String?
    let phone: String?
}

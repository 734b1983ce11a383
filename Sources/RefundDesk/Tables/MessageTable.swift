import RefundDomain
import Storage

/// What a message tells; each kind has its own text in both languages.
public enum MessageKind: String, Sendable, Hashable, CaseIterable {
    case contactCode = "contact-code"
    case trackCode = "track-code"
    case submitted
    case inReview = "in-review"
    case infoNeeded = "info-needed"
    case counterOffered = "counter-offered"
    case approved
    case declined
    case withdrawn
    case note
    case withBank = "with-bank"
    case confirmed
    case waitingFunds = "waiting-funds"
    case moneyFailed = "money-failed"
    case payeeAction = "payee-action"
    case closed
    case moneyReturned = "money-returned"
    case moneyRerouted = "money-rerouted"
    case moneyGivenBack = "money-given-back"
    case moneyCorrected = "money-corrected"
    case moneyOverpaid = "money-overpaid"
    case moneyReplaced = "money-replaced"
    case paidOutside = "paid-outside"
    case moneyLate = "money-late"
    case fundsLate = "funds-late"
    case reminder
    case expired
    case appealed
    case escalated
    case reopened
    case paused
    case resumed
}

/// How a message travels.
public enum MessageMedium: String, Sendable, Hashable {
    case email
    case sms
}

/// A message to be written, with ids drawn before the transaction.
struct NewMessage: Sendable {
    let id: String
    let jobID: String
    let kind: MessageKind
    /// Values for its text: a code, amounts, dates in ISO form. Sealed, and erased once the message is sent.
    var values: [String: String] = [:]
}

/// Messages to cardholders; what is in them lies sealed.
enum MessageTable {
    /// Writes a message to the telephone, else to the e-mail address: the one that was proved with a code, because
    /// messages carry the private link.
    static func write(
        _ message: NewMessage, to contact: Contact, of row: CaseRow, notBefore: Moment? = nil, at now: Moment,
        _ seals: Seals, _ sql: any SQLTransaction
    ) throws {
        let medium: MessageMedium = contact.phone == nil ? .email : .sms
        guard let address = medium == .email ? contact.email : contact.phone else { return }
        let to = SealPlace("message", "to_sealed", row: message.id, tenant: row.merchantID, .contact)
        let values = SealPlace("message", "values_sealed", row: message.id, tenant: row.merchantID, .contact)
        let text = EventTable.factsText(message.values)
        try sql.run(
            """
            INSERT INTO message (id, case_id, kind, language, medium, to_sealed, values_sealed, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .text(message.id), .text(row.id), .text(message.kind.rawValue), .text(row.language),
                .text(medium.rawValue), .bytes(try seals.seal(address, to, sql)),
                .bytes(try seals.seal(text, values, sql)), .int(now.milliseconds),
            ])
        try OutboxTable.add(
            .sendMessage, id: message.jobID, caseID: row.id, messageID: message.id, notBefore: notBefore ?? now,
            at: now, sql)
    }
}

extension Desk {
    /// Ids for one message and its outbox row.
    func newMessage(_ kind: MessageKind, _ values: [String: String] = [:]) throws -> NewMessage {
        NewMessage(id: try newID(), jobID: try newID(), kind: kind, values: values)
    }

    /// Tells the cardholder of a case something; a case without a contact is told nothing.
    ///
    /// - Parameter notBefore: when it may leave, if not at once.
    func tell(
        _ message: NewMessage, about row: CaseRow, notBefore: Moment? = nil, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard let contact = try contact(of: row, sql) else { return }
        try MessageTable.write(message, to: contact, of: row, notBefore: notBefore, at: now, seals, sql)
    }
}

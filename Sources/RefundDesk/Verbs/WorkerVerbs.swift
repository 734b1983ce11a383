public import RefundDomain
import Storage

/// What a worker asks a channel about.
public struct Asking: Sendable, Hashable {
    public let movementID: String
    public let accountID: String
    public let channel: Channel
    public let order: RefundOrder
}

/// A message in a worker's hands, opened for sending.
public struct OutgoingMessage: Sendable {
    public let id: String
    public let kind: MessageKind
    /// `zh-Hans` or `en`.
    public let language: String
    public let medium: MessageMedium
    public let to: String
    public let caseNumber: String
    public let merchantName: String
    public let merchantNameEnglish: String?
    public let currency: Currency
    public let zone: String
    public let cardLast4: String?
    public let values: [String: String]
    /// When it was written down.
    public let written: Moment
    /// The token of the case's private link; nil before the request was sent.
    public let link: String?
}

extension Desk {
    /// Begins a query: a movement that is still "sending" when its query is due has lost its answer and is unknown from
    /// now on (M10).
    ///
    /// - Returns: what to ask, or nil when there is nothing to ask any more.
    public func beginQuery(_ job: Job) async throws -> Asking? {
        let now = clock()
        return try await store.write { sql in
            guard let id = job.movementID, var movement = try MovementTable.find(id, sql),
                let row = try CaseTable.find(id: movement.caseID, sql),
                let account = try account(movement.accountID, sql)
            else { return nil }
            let step = Movement.transition(.loseTrack, from: movement.state)
            if step != nil { try EventTable.hold(row.merchantID, sql) }
            guard try OutboxTable.hold(job, sql) else { return nil }
            guard movement.state.isWithChannel else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return nil
            }
            if let step {
                try MovementTable.move(movement, to: step.to, code: "no answer", at: now, sql)
                try recordMovement(
                    step.id, "movement.unknown", movement.id, row, ["code": "no answer", "source": "clock"], at: now,
                    sql)
                try CaseTable.touch(row.id, at: now, sql)
                guard let moved = try MovementTable.find(id, sql) else { return nil }
                movement = moved
            }
            let order = try OrderTable.order(
                of: movement.id, at: now, detour: try detour(of: movement, isOrder: false, sql), sql)
            return Asking(
                movementID: movement.id, accountID: movement.accountID, channel: account.channel, order: order)
        }
    }

    /// Opens a message for sending; nil when it was sent, or the claim is lost.
    public func outgoingMessage(_ job: Job) async throws -> OutgoingMessage? {
        let now = clock()
        return try await store.write { sql in
            guard try OutboxTable.hold(job, sql), let id = job.messageID,
                let found = try sql.row(
                    """
                    SELECT message.case_id, message.kind, message.language, message.medium, message.to_sealed,
                           message.values_sealed, message.sent_ms, message.created_ms, merchant.name,
                           merchant.name_en, merchant.zone,
                           payment.card_last4, payment.currency
                    FROM   message
                    JOIN   refund_case
                    ON     refund_case.id = message.case_id
                    JOIN   merchant
                    ON     merchant.id = refund_case.merchant_id
                    JOIN   payment
                    ON     payment.id = refund_case.payment_id
                    WHERE  message.id = $1
                    """, [.text(id)]),
                let row = try CaseTable.find(id: try found.text("case_id"), sql),
                let kind = MessageKind(rawValue: try found.text("kind")),
                let medium = MessageMedium(rawValue: try found.text("medium"))
            else { return nil }
            guard try found.intOrNil("sent_ms") == nil else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return nil
            }
            let to = SealPlace("message", "to_sealed", row: id, tenant: row.merchantID, .contact)
            let values = SealPlace("message", "values_sealed", row: id, tenant: row.merchantID, .contact)
            return OutgoingMessage(
                id: id, kind: kind, language: try found.text("language"), medium: medium,
                to: try seals.openText(try found.bytes("to_sealed"), to, sql) ?? "", caseNumber: row.number,
                merchantName: try found.text("name"), merchantNameEnglish: try found.textOrNil("name_en"),
                currency: try found.currency(), zone: try found.text("zone"),
                cardLast4: try found.textOrNil("card_last4"),
                values: eventFacts(try seals.openText(try found.bytesOrNil("values_sealed"), values, sql) ?? ""),
                written: Moment(milliseconds: try found.int("created_ms")),
                link: try seals.openText(row.linkSealed, row.place("link_sealed"), sql))
        }
    }

    /// Notes that a message was sent and erases what was in it.
    public func messageSent(_ job: Job) async throws {
        let now = clock()
        try await store.write { sql in
            guard try OutboxTable.finish(job, at: now, sql), let id = job.messageID else { return }
            try sql.run(
                """
                UPDATE message
                SET    sent_ms = $1, values_sealed = NULL
                WHERE  id = $2
                """, [.int(now.milliseconds), .text(id)])
        }
    }
}

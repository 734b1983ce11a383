public import RefundDomain
import Storage
import Vault

/// A merchant as lists show it.
public struct MerchantItem: Sendable, Hashable {
    public let id: String
    public let code: String
    public let name: String
    public let nameEnglish: String?
    public let zone: String
    public let currency: Currency
}

/// A channel account as lists show it; never its secrets.
public struct AccountItem: Sendable, Hashable {
    public let id: String
    public let merchantID: String
    public let merchantCode: String
    public let channel: Channel
    public let name: String
    public let merchantNumber: String
    /// The unguessable name in the account's callback address.
    public let callbackName: String
    public let stoppedReason: String?
}

extension Desk {
    /// Adds a merchant and the keys that its people's data will be sealed with.
    ///
    /// - Parameter code: 2 to 32 lower-case letters, digits and hyphens.
    /// - Throws: ``Refusal/field(_:_:)``, ``Refusal/alreadyThere(_:)``.
    public func addMerchant(
        code: String, name: String, nameEnglish: String?, zone: String, currency: Currency
    ) async throws {
        let fits = code.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        guard (2...32).contains(code.utf8.count), fits else { throw Refusal.field("code", .unreadable) }
        // The versions of a merchant's policy bear its code, and `standard-1` is everybody's.
        guard code != "standard" else { throw Refusal.field("code", .notOffered) }
        guard !name.trimmed.isEmpty else { throw Refusal.field("name", .missing) }
        try check(name, "name", TextLimits.nameCharactersMax)
        guard Zone(zone) != nil else { throw Refusal.field("zone", .notOffered) }
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            if try MerchantTable.id(code: code, sql) != nil { throw Refusal.alreadyThere(code) }
            try sql.run(
                """
                INSERT INTO merchant (id, code, name, name_en, zone, currency, created_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(id), .text(code), .text(name.trimmed), .text(nameEnglish?.trimmed), .text(zone),
                    .text(currency.code), .int(now.milliseconds),
                ])
            try seals.makeKeys(for: id, at: now.milliseconds, sql)
            let event = NewEvent(
                stream: id, actor: .system, what: "merchant.added", object: "merchant", objectID: id,
                facts: ["code": code], visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// Every merchant, by code.
    public func merchants() async throws -> [MerchantItem] {
        try await store.read { sql in
            try sql.rows(
                """
                SELECT   id, code, name, name_en, zone, currency
                FROM     merchant
                ORDER BY code, id
                LIMIT    10000
                """
            ).map { row in
                MerchantItem(
                    id: try row.text("id"), code: try row.text("code"), name: try row.text("name"),
                    nameEnglish: try row.textOrNil("name_en"), zone: try row.text("zone"),
                    currency: try row.currency())
            }
        }
    }

    /// Adds a terminal of a merchant.
    ///
    /// - Throws: ``Refusal/field(_:_:)``, ``Refusal/alreadyThere(_:)``.
    public func addTerminal(
        number: String, merchantCode: String, family: TerminalFamily, storeName: String?
    ) async throws {
        guard (1...16).contains(number.utf8.count) else { throw Refusal.field("terminal", .unreadable) }
        try check(number, "terminal", 16)
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            guard let merchantID = try MerchantTable.id(code: merchantCode, sql) else {
                throw Refusal.field("merchant", .notOffered)
            }
            let added = try sql.run(
                """
                INSERT INTO terminal (id, merchant_id, terminal_no, family, refunds, store, created_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (merchant_id, terminal_no) DO NOTHING
                """,
                [
                    .text(id), .text(merchantID), .text(number), .text(family.rawValue),
                    .text(family.refunds.rawValue), .text(storeName), .int(now.milliseconds),
                ])
            if added == 0 { throw Refusal.alreadyThere(number) }
            let event = NewEvent(
                stream: merchantID, actor: .system, what: "terminal.added", object: "terminal", objectID: id,
                facts: ["terminal_no": number, "family": family.rawValue], visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// Adds a channel account, its settings sealed at once.
    ///
    /// Payments of the merchant that were imported before and belong to this account are joined to it.
    ///
    /// - Parameters:
    ///   - merchantNumber: the channel's own number of the merchant, which statements name.
    ///   - settings: the JSON document with its secrets.
    /// - Returns: the account's id and the unguessable name of its callback address.
    /// - Throws: ``Refusal/field(_:_:)``, ``Refusal/alreadyThere(_:)``.
    public func addChannelAccount(
        merchantCode: String, channel: Channel, name: String, merchantNumber: String, settings: [UInt8]
    ) async throws -> (id: String, callbackName: String) {
        let now = clock()
        let id = try newID()
        let callbackName = Hex.encode(try chance.bytes(16))
        try await store.write { sql in
            guard let merchantID = try MerchantTable.id(code: merchantCode, sql) else {
                throw Refusal.field("merchant", .notOffered)
            }
            let place = SealPlace("channel_account", "settings_sealed", row: id, tenant: merchantID, .channel)
            let added = try sql.run(
                """
                INSERT INTO channel_account (id, merchant_id, channel, name, merchant_number, callback_name,
                                             settings_sealed, created_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (merchant_id, channel, merchant_number) DO NOTHING
                """,
                [
                    .text(id), .text(merchantID), .text(channel.rawValue), .text(name), .text(merchantNumber),
                    .text(callbackName), .bytes(try seals.seal(settings, place, sql)), .int(now.milliseconds),
                ])
            if added == 0 { throw Refusal.alreadyThere(merchantNumber) }
            try sql.run(
                """
                UPDATE payment
                SET    account_id = $1
                WHERE  merchant_id = $2
                AND    channel = $3
                AND    account_id IS NULL
                """, [.text(id), .text(merchantID), .text(channel.rawValue)])
            let event = NewEvent(
                stream: merchantID, actor: .system, what: "account.added", object: "account", objectID: id,
                facts: ["channel": channel.rawValue], visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
        return (id, callbackName)
    }

    /// Every channel account, or those of one merchant.
    public func channelAccounts(merchantCode: String? = nil) async throws -> [AccountItem] {
        try await store.read { sql in
            try sql.rows(
                """
                SELECT   channel_account.id, channel_account.merchant_id, merchant.code, channel_account.channel,
                         channel_account.name, channel_account.merchant_number, channel_account.callback_name,
                         channel_account.stopped_reason
                FROM     channel_account
                JOIN     merchant
                ON       merchant.id = channel_account.merchant_id
                ORDER BY merchant.code, channel_account.id
                LIMIT    10000
                """
            ).compactMap { row in
                let code = try row.text("code")
                guard merchantCode == nil || merchantCode == code,
                    let channel = Channel(rawValue: try row.text("channel"))
                else { return nil }
                return AccountItem(
                    id: try row.text("id"), merchantID: try row.text("merchant_id"), merchantCode: code,
                    channel: channel, name: try row.text("name"),
                    merchantNumber: try row.text("merchant_number"), callbackName: try row.text("callback_name"),
                    stoppedReason: try row.textOrNil("stopped_reason"))
            }
        }
    }

    /// The settings of an account in clear, for its client.
    ///
    /// - Throws: ``Refusal/notFound``.
    public func channelSettings(accountID: String) async throws -> [UInt8] {
        try await store.read { sql in
            guard
                let row = try sql.row(
                    "SELECT merchant_id, settings_sealed FROM channel_account WHERE id = $1", [.text(accountID)])
            else { throw Refusal.notFound }
            let place = SealPlace(
                "channel_account", "settings_sealed", row: accountID, tenant: try row.text("merchant_id"), .channel)
            return try seals.open(try row.bytes("settings_sealed"), place, sql)
        }
    }

    /// Replaces the settings of an account, for example its address.
    public func changeChannelSettings(accountID: String, to settings: [UInt8]) async throws {
        let now = clock()
        try await store.write { sql in
            guard
                let row = try sql.row("SELECT merchant_id FROM channel_account WHERE id = $1", [.text(accountID)])
            else { throw Refusal.notFound }
            let merchantID = try row.text("merchant_id")
            let place = SealPlace("channel_account", "settings_sealed", row: accountID, tenant: merchantID, .channel)
            try sql.run(
                "UPDATE channel_account SET settings_sealed = $1, stopped_reason = NULL WHERE id = $2",
                [.bytes(try seals.seal(settings, place, sql)), .text(accountID)])
            let event = NewEvent(
                stream: merchantID, actor: .system, what: "account.changed", object: "account", objectID: accountID,
                visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
        }
    }
}

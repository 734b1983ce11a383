import RefundDomain
import Storage
import Vault

/// SQL on rows of capabilities that were loaded. No acquirer and no family are kept as empty text, because they are
/// part of the key.
enum CapabilityTable {
    /// The loaded rows of a channel.
    static func rows(of channel: Channel, _ sql: any SQLReading) throws -> [CapabilityRow] {
        try sql.rows(
            """
            SELECT   channel, acquirer, family, merchant_numbers, refunds, refunds_max, gap_seconds, window_days,
                     least_minor, fee_return, void, arrival_earliest, arrival_latest, source, verified
            FROM     capability
            WHERE    channel = $1
            ORDER BY channel, acquirer, family
            LIMIT    $2
            """, [.text(channel.rawValue), .int(Int64(CapabilitiesFile.rowsMax))]
        ).map(read)
    }

    /// All loaded rows.
    static func all(_ sql: any SQLReading) throws -> [CapabilityRow] {
        try sql.rows(
            """
            SELECT   channel, acquirer, family, merchant_numbers, refunds, refunds_max, gap_seconds, window_days,
                     least_minor, fee_return, void, arrival_earliest, arrival_latest, source, verified
            FROM     capability
            ORDER BY channel, acquirer, family
            LIMIT    $1
            """, [.int(Int64(CapabilitiesFile.rowsMax))]
        ).map(read)
    }

    /// Whether each row was loaded at a moment.
    static func wereLoaded(at moment: Int64?, _ sql: any SQLReading) throws -> Bool {
        let times = try sql.rows(
            "SELECT DISTINCT loaded_ms FROM capability ORDER BY loaded_ms LIMIT 2"
        ).map { try $0.int("loaded_ms") }
        return times == (moment.map { [$0] } ?? [])
    }

    /// Puts rows in the place of all that were loaded before.
    static func put(_ rows: [CapabilityRow], at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM capability")
        for row in rows {
            let said = row.values
            try sql.run(
                """
                INSERT INTO capability (channel, acquirer, family, merchant_numbers, refunds, refunds_max, gap_seconds,
                                        window_days, least_minor, fee_return, void, arrival_earliest, arrival_latest,
                                        source, verified, loaded_ms)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
                """,
                [
                    .text(row.scope.channel.rawValue), .text(row.scope.acquirer?.name ?? ""),
                    .text(row.scope.family?.rawValue ?? ""),
                    .text((row.scope.acquirer?.numbers ?? []).joined(separator: " ")),
                    .text(said.refunds?.rawValue), .int(said.refundsMax), .int(said.gapSeconds),
                    .int(said.windowDays), .int(said.leastMinor), .text(said.feeReturn?.rawValue),
                    .text(said.void?.rawValue), .int(said.arrival.map { Int64($0.lowerBound) }),
                    .int(said.arrival.map { Int64($0.upperBound) }), .text(row.source),
                    .int(row.isVerified ? 1 : 0), .int(now.milliseconds),
                ])
        }
    }

    /// What the record keeps of loaded rows, in whatever order, so that a changed one is found.
    static func digest(_ rows: [CapabilityRow]) -> String {
        let lines = rows.map { row in
            let said = row.values
            let numbers = [said.refundsMax, said.gapSeconds, said.windowDays, said.leastMinor]
            let words: [String] =
                [
                    row.scope.channel.rawValue, row.scope.acquirer?.name ?? "",
                    (row.scope.acquirer?.numbers ?? []).joined(separator: " "), row.scope.family?.rawValue ?? "",
                    said.refunds?.rawValue ?? "", said.feeReturn?.rawValue ?? "", said.void?.rawValue ?? "",
                    said.arrival.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "", row.isVerified ? "yes" : "no",
                    row.source,
                ] + numbers.map { $0.map { String($0) } ?? "" }
            return words.joined(separator: "\t")
        }
        return Hex.encode(Digest.sha256(lines.sorted().joined(separator: "\n")))
    }

    /// - Throws: ``StoreFault/wrongKind(_:)`` for a row that no load has written.
    private static func read(_ row: SQLRow) throws -> CapabilityRow {
        let name = try row.text("acquirer")
        let numbers = try row.text("merchant_numbers").split(separator: " ").map(String.init)
        guard name.isEmpty == numbers.isEmpty else { throw StoreFault.wrongKind("merchant_numbers") }
        var said = CapabilityValues()
        said.refunds = try known("refunds", row)
        said.refundsMax = try row.intOrNil("refunds_max")
        said.gapSeconds = try row.intOrNil("gap_seconds")
        said.windowDays = try row.intOrNil("window_days")
        said.leastMinor = try row.intOrNil("least_minor")
        said.feeReturn = try known("fee_return", row)
        said.void = try known("void", row)
        if let first = try row.intOrNil("arrival_earliest"), let last = try row.intOrNil("arrival_latest") {
            guard first >= 0, first <= last, last <= WorkingDays.countMax else {
                throw StoreFault.wrongKind("arrival_latest")
            }
            said.arrival = Int(first)...Int(last)
        }
        let family = try row.text("family")
        let scope = CapabilityScope(
            channel: try row.word("channel"), acquirer: name.isEmpty ? nil : Acquirer(name: name, numbers: numbers),
            family: family.isEmpty ? nil : try row.word("family"))
        return CapabilityRow(
            scope: scope, values: said, source: try row.text("source"), isVerified: try row.int("verified") == 1)
    }

    private static func known<Word: RawRepresentable<String>>(_ column: String, _ row: SQLRow) throws -> Word? {
        try row.textOrNil(column) == nil ? nil : try row.word(column)
    }
}

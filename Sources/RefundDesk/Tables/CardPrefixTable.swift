import RefundDomain
import Storage
import Vault

/// SQL on a list of card prefixes that was loaded in place of the program's own.
enum CardPrefixTable {
    static func digest(_ issuers: CardIssuers) -> String {
        let rows = issuers.prefixes.map { row in
            [row.digits, String(row.length), row.bank, row.bankName, row.kind.rawValue].joined(separator: "\t")
        }
        return Hex.encode(Digest.sha256(([issuers.source] + rows.sorted()).joined(separator: "\n")))
    }

    /// Source and digest of the list that is loaded; nil while the program's own counts.
    static func loaded(_ sql: any SQLReading) throws -> (source: String, digest: String)? {
        try sql.row("SELECT source, digest FROM card_prefix_list WHERE id = 'loaded'").map { row in
            (try row.text("source"), try row.text("digest"))
        }
    }

    /// Puts a list in the place of what was loaded before.
    static func put(_ issuers: CardIssuers, at now: Moment, _ sql: any SQLTransaction) throws {
        try sql.run("DELETE FROM card_prefix")
        try sql.run(
            """
            INSERT INTO card_prefix_list (id, source, digest, loaded_ms)
            VALUES ('loaded', $1, $2, $3)
            ON CONFLICT (id) DO UPDATE
            SET    source = excluded.source, digest = excluded.digest, loaded_ms = excluded.loaded_ms
            """, [.text(issuers.source), .text(digest(issuers)), .int(now.milliseconds)])
        for row in issuers.prefixes {
            try sql.run(
                """
                INSERT INTO card_prefix (digits, length, bank, bank_name, kind, lowest, highest)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                [
                    .text(row.digits), .int(row.length), .text(row.bank), .text(row.bankName),
                    .text(row.kind.rawValue), .int(span(row.digits).lowerBound), .int(span(row.digits).upperBound),
                ])
        }
    }

    /// The rows that may say something about cards with these first digits: what they begin with, and what begins
    /// with them.
    static func rows(near digits: String, _ sql: any SQLReading) throws -> [CardPrefix] {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return [] }
        let span = span(String(digits.prefix(CardIssuers.prefixDigits.upperBound)))
        return try sql.rows(
            """
            SELECT   digits, length, bank, bank_name, kind
            FROM     card_prefix
            WHERE    lowest <= $1
            AND      highest >= $2
            ORDER BY digits, length
            LIMIT    $3
            """, [.int(span.upperBound), .int(span.lowerBound), .int(rowsMax)]
        ).map { row in
            CardPrefix(
                digits: try row.text("digits"), length: Int(try row.int("length")), bank: try row.text("bank"),
                bankName: try row.text("bank_name"), kind: try row.word("kind"))
        }
    }

    /// The numbers of ten digits that begin with a prefix: two prefixes of which one begins with the other overlap.
    private static func span(_ digits: String) -> ClosedRange<Int64> {
        var lowest: Int64 = 0
        var width: Int64 = 1
        let values = digits.utf8.map { Int64($0) - 0x30 }
        for place in 0..<CardIssuers.prefixDigits.upperBound {
            let value = values.indices.contains(place) ? values[place] : nil
            lowest = lowest * 10 + (value ?? 0)
            if value == nil { width *= 10 }
        }
        return lowest...(lowest + width - 1)
    }

    /// Rows that are looked at for one card.
    private static let rowsMax = 1000
}

import Storage

/// Finds files that were given before, for other payments of the same merchant: the same bytes by a keyed digest, and
/// pictures that look alike by 64 bits of which copies differ in few.
///
/// Looks are found by bands: 64 bits are four bands of 16, and where at most seven bits differ, one band differs in one
/// bit at most. So each band is asked for with its 16 neighbours, by index, whatever the number of pictures.
enum ProofLikeness {
    /// Bits in which two looks may differ and still be called alike.
    static let distanceMax = 5
    /// The newest pages that are compared for each band.
    private static let candidatesMax = 200
    /// Other files that one is held against at most.
    private static let matchesMax = 20

    /// The bands of a look, each with its place above its bits.
    static func bands(of look: UInt64) -> [Int64] {
        (0..<4).map { place in Int64(place) << 16 | Int64(look >> (16 * UInt64(place)) & 0xFFFF) }
    }

    /// Writes down which files a file is like, for both.
    static func match(
        _ file: ProofCheckTable.File, digest: [UInt8], _ looks: [UInt64?], _ sql: any SQLTransaction
    ) throws {
        var found: [String: String] = [:]
        for look in Set(looks.compactMap(\.self)) {
            for other in try alike(look, file, sql) { found[other] = "alike" }
        }
        for other in try same(digest, file, sql) { found[other] = "same" }
        for (other, kind) in found.sorted(by: { $0.key > $1.key }).prefix(matchesMax) {
            for (one, two) in [(file.id, other), (other, file.id)] {
                try sql.run(
                    """
                    INSERT INTO proof_match (proof_id, other_id, kind)
                    SELECT $1, $2, $3
                    WHERE  NOT EXISTS (SELECT proof_id
                                       FROM   proof_match
                                       WHERE  proof_id = $1
                                       AND    other_id = $2)
                    """, [.text(one), .text(two), .text(kind)])
            }
        }
    }

    private static func same(
        _ digest: [UInt8], _ file: ProofCheckTable.File, _ sql: any SQLReading
    ) throws -> [String] {
        try sql.rows(
            """
            SELECT   proof_check.id
            FROM     proof_check
            JOIN     refund_case
            ON       refund_case.id = proof_check.case_id
            WHERE    proof_check.merchant_id = $1
            AND      proof_check.digest = $2
            AND      refund_case.payment_id <> $3
            ORDER BY proof_check.id DESC
            LIMIT    $4
            """, [.text(file.merchantID), .bytes(digest), .text(file.paymentID), .int(matchesMax)]
        ).map { try $0.text("id") }
    }

    private static func alike(
        _ look: UInt64, _ file: ProofCheckTable.File, _ sql: any SQLReading
    ) throws -> Set<String> {
        var found: Set<String> = []
        for band in bands(of: look) {
            let near = [band] + (0..<16).map { band ^ (1 << Int64($0)) }
            let rows = try sql.rows(
                """
                SELECT   proof_page.proof_id, proof_page.look
                FROM     proof_look
                JOIN     proof_page
                ON       proof_page.id = proof_look.page_id
                JOIN     refund_case
                ON       refund_case.id = proof_page.case_id
                WHERE    proof_look.merchant_id = $1
                AND      proof_look.band IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                                             $20)
                AND      refund_case.payment_id <> $2
                ORDER BY proof_look.page_id DESC
                LIMIT    $3
                """,
                [.text(file.merchantID), .text(file.paymentID), .int(candidatesMax)] + near.map { .int($0) })
            for row in rows {
                let other = UInt64(bitPattern: try row.int("look"))
                if (look ^ other).nonzeroBitCount <= distanceMax { found.insert(try row.text("proof_id")) }
            }
        }
        return found
    }
}

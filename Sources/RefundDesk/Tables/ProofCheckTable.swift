import RefundDomain
import Storage

/// What was found out about uploaded files, and the pages that they are shown as.
enum ProofCheckTable {
    /// A file with what an examination needs to know of it.
    struct File {
        let id: String
        let caseID: String
        let merchantID: String
        let paymentID: String
        let mediaType: String
        let storedName: String
        let keySealed: [UInt8]
        let sha256: [UInt8]
    }

    /// Where a file's key lies sealed.
    static func place(of id: String, _ merchantID: String) -> SealPlace {
        SealPlace("proof", "key_sealed", row: id, tenant: merchantID, .proof)
    }

    /// Where a page's key lies sealed.
    static func place(ofPage id: String, _ merchantID: String) -> SealPlace {
        SealPlace("proof_page", "key_sealed", row: id, tenant: merchantID, .proof)
    }

    /// A file that was not removed.
    static func file(_ id: String, _ sql: any SQLReading) throws -> File? {
        try sql.row(
            """
            SELECT proof.case_id, proof.media_type, proof.stored_name, proof.key_sealed, proof.sha256,
                   refund_case.merchant_id, refund_case.payment_id
            FROM   proof
            JOIN   refund_case
            ON     refund_case.id = proof.case_id
            WHERE  proof.id = $1
            AND    proof.removed_ms IS NULL
            """, [.text(id)]
        ).map { row in
            File(
                id: id, caseID: try row.text("case_id"), merchantID: try row.text("merchant_id"),
                paymentID: try row.text("payment_id"), mediaType: try row.text("media_type"),
                storedName: try row.text("stored_name"), keySealed: try row.bytes("key_sealed"),
                sha256: try row.bytes("sha256"))
        }
    }

    /// Writes a report down.
    ///
    /// - Returns: whether it says anything that was not known before.
    static func write(
        _ report: ProofReport, of file: File, digest: [UInt8], at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        let found: [SQLValue] = [
            .text(report.scan.rawValue), .text(report.scanWord), .text(report.drawing?.rawValue),
            .int(report.pages.count), .int(report.pageCount),
        ]
        let known = try sql.row(
            """
            SELECT scan, scan_word, drawing, shown_count, page_count
            FROM   proof_check
            WHERE  id = $1
            """, [.text(file.id)])
        if let known {
            if known.values == found { return false }
            try sql.run(
                """
                UPDATE proof_check
                SET    scan = $2, scan_word = $3, drawing = $4, shown_count = $5, page_count = $6, examined_ms = $7
                WHERE  id = $1
                """, [.text(file.id)] + found + [.int(now.milliseconds)])
            return true
        }
        try sql.run(
            """
            INSERT INTO proof_check (id, scan, scan_word, drawing, shown_count, page_count, examined_ms, case_id,
                                     merchant_id, digest, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7)
            """,
            [.text(file.id)] + found + [
                .int(now.milliseconds), .text(file.caseID), .text(file.merchantID), .bytes(digest),
            ])
        return true
    }

    /// Writes the row of a drawn page.
    static func add(
        _ page: NewProofPage, id: String, number: Int, of file: File, at now: Moment, _ seals: Seals,
        _ sql: any SQLTransaction
    ) throws {
        let key = try seals.seal(page.fileKey, place(ofPage: id, file.merchantID), sql)
        try sql.run(
            """
            INSERT INTO proof_page (id, case_id, proof_id, page, stored_name, key_sealed, bytes, width, height, look,
                                    created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            [
                .text(id), .text(file.caseID), .text(file.id), .int(number), .text(page.storedName), .bytes(key),
                .int(page.bytes), .int(page.width), .int(page.height),
                .int(page.look.map { Int64(bitPattern: $0) }), .int(now.milliseconds),
            ])
        guard let look = page.look else { return }
        for band in ProofLikeness.bands(of: look) {
            try sql.run(
                "INSERT INTO proof_look (merchant_id, band, page_id) VALUES ($1, $2, $3)",
                [.text(file.merchantID), .int(band), .text(id)])
        }
    }

    /// A page of a file that was not removed.
    static func page(
        _ number: Int64, of id: String, inCase caseID: String, _ sql: any SQLReading
    ) throws -> SQLRow? {
        try sql.row(
            """
            SELECT proof_page.id, proof_page.stored_name, proof_page.key_sealed, proof_page.bytes
            FROM   proof_page
            JOIN   proof
            ON     proof.id = proof_page.proof_id
            WHERE  proof_page.proof_id = $1
            AND    proof_page.page = $2
            AND    proof_page.case_id = $3
            AND    proof.removed_ms IS NULL
            """, [.text(id), .int(number), .text(caseID)])
    }

    /// The names under which a file's pages lie in the store.
    static func storedPages(of id: String, _ sql: any SQLReading) throws -> [String] {
        try sql.rows(
            """
            SELECT   stored_name
            FROM     proof_page
            WHERE    proof_id = $1
            ORDER BY page, id
            LIMIT    100
            """, [.text(id)]
        ).map { try $0.text("stored_name") }
    }
}

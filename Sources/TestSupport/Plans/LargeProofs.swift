/// Files in the large database: one a case, examined, with a page that has a look and an earlier file that it is like.
enum LargeProofs {
    static let statements = [proofRows, checkRows, pageRows, lookRows, matchRows]

    private static let proofRows = """
        INSERT INTO proof (id, case_id, kind, media_type, bytes, sha256, stored_name, key_sealed, uploaded_by,
                           created_ms)
        SELECT 'proof-' || CAST(1000000 + n AS TEXT), 'case-' || CAST(1000000 + n AS TEXT), 'receipt', 'image/jpeg',
               1000, CAST('' AS BYTES), 'stored-' || CAST(n AS TEXT), CAST('' AS BYTES), 'cardholder', n
        FROM   counter
        """

    private static let checkRows = """
        INSERT INTO proof_check (id, case_id, merchant_id, digest, created_ms, scan, drawing, shown_count, page_count,
                                 examined_ms)
        SELECT 'proof-' || CAST(1000000 + n AS TEXT), 'case-' || CAST(1000000 + n AS TEXT),
               'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT), CAST('digest-' || CAST(n AS TEXT) AS BYTES), n,
               'clean', 'drawn', 1, 1, n
        FROM   counter
        """

    private static let pageRows = """
        INSERT INTO proof_page (id, case_id, proof_id, page, stored_name, key_sealed, bytes, width, height, look,
                                created_ms)
        SELECT 'page-' || CAST(1000000 + n AS TEXT), 'case-' || CAST(1000000 + n AS TEXT),
               'proof-' || CAST(1000000 + n AS TEXT), 1, 'page-' || CAST(n AS TEXT), CAST('' AS BYTES), 1000, 1600,
               1200, n * 7919, n
        FROM   counter
        """

    private static let lookRows = """
        INSERT INTO proof_look (merchant_id, band, page_id)
        SELECT 'merchant-' || CAST((n * 10 - n % 10) % 20 + 1 AS TEXT), n % 262144, 'page-' || CAST(1000000 + n AS TEXT)
        FROM   counter
        """

    private static let matchRows = """
        INSERT INTO proof_match (proof_id, other_id, kind)
        SELECT 'proof-' || CAST(1000000 + n AS TEXT),
               'proof-' || CAST(1000000 + CASE n WHEN 1 THEN 2 ELSE n - 1 END AS TEXT), 'alike'
        FROM   counter
        """
}

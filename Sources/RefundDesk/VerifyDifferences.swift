import RefundDomain
import Storage

extension Desk {
    /// No difference with a refund of ours is open that is none any more, and none of amounts went unseen.
    func verifyDifferences(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        for merchant in try sql.rows("SELECT id FROM merchant ORDER BY id LIMIT 100000") {
            try verifyOpenDifferences(of: try merchant.text("id"), sql, &faults)
        }
        try verifyRows(
            sql, &faults, check: "difference-amount",
            """
            SELECT   reconciliation_line.id AS object, movement.gross_minor AS kept,
                     reconciliation_line.amount_minor AS counted
            FROM     reconciliation_line
            JOIN     movement
            ON       movement.id = reconciliation_line.movement_id
            WHERE    NOT EXISTS (
                         SELECT 1
                         FROM   difference
                         WHERE  difference.line_id = reconciliation_line.id
                         AND    difference.kind = 'amount'
                     )
            ORDER BY reconciliation_line.id
            """)
    }

    private func verifyOpenDifferences(
        of merchantID: String, _ sql: any SQLReading, _ faults: inout [Fault]
    ) throws {
        var last: DifferenceTable.Open?
        while true {
            let page = try DifferenceTable.open(of: merchantID, after: last, sql)
            for item in page where try item.movementID != nil && !differs(item, sql) {
                faults.append(
                    Fault(check: "difference", object: item.id, detail: "\(item.kind.rawValue) is open and fits"))
            }
            guard page.count == ReconciliationTable.pageRows, faults.count < Desk.verifyFaultsMax else { return }
            last = page.last
        }
    }
}

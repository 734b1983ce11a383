import Storage

extension Desk {
    /// The payments and refunds of every import are those that its event and the later ones tell of.
    func verifyImportedRows(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        let record = try importRecord(sql)
        var payments: [String: RowDigest] = [:]
        var refunds: [String: RowDigest] = [:]
        var found: [Fault] = []
        try sql.each(VouchedImport.statementOfPayments) { row in
            let importID = try row.textOrNil("import_id") ?? ""
            guard let entry = record.imports[importID] else {
                return found.append(importFault("payment/\(try row.text("id"))", "no import tells of it"))
            }
            var values = Array(row.values.dropLast(2))
            // An account that was added later took the payments over that had none.
            let account = try row.textOrNil("account_id")
            let isLater = account.flatMap { record.accounts[$0] }.map { $0 > entry.number } ?? false
            values.append(isLater ? .null : .text(account))
            VouchedImport.add(values, to: &payments[importID, default: RowDigest()], entry.secret)
        }
        try sql.each(VouchedImport.statementOfRefunds) { row in
            let importID = try row.text("import_id")
            guard let entry = record.imports[importID] else {
                return found.append(importFault("statement_refund/\(try row.text("id"))", "no import tells of it"))
            }
            VouchedImport.add(
                Array(row.values.dropLast()), to: &refunds[importID, default: RowDigest()], entry.secret)
        }
        for (id, entry) in record.imports.sorted(by: { $0.key < $1.key }) {
            for (name, told, counted) in [
                ("payments", entry.payments, payments[id]), ("refunds", entry.refunds, refunds[id]),
            ] where told != nil && told != counted ?? RowDigest() {
                found.append(importFault(id, "\(name) differ from the record"))
            }
        }
        faults += found.prefix(Desk.verifyFaultsMax)
        try verifyToldElsewhere(record, sql, &faults)
    }

    private func importFault(_ object: String, _ detail: String) -> Fault {
        Fault(check: "import-rows", object: object, detail: detail)
    }

    /// What the record tells of imports and accounts.
    private struct ImportRecord {
        struct Entry {
            /// Of the event in the merchant's stream.
            let number: Int64
            let secret: [UInt8]
            /// Nil for an import of an earlier version, which says nothing of its rows.
            var payments: RowDigest?
            var refunds: RowDigest?
        }

        var imports: [String: Entry] = [:]
        /// The numbers of the events by which accounts were added.
        var accounts: [String: Int64] = [:]
        /// What a merchant's imports counted as refunded elsewhere.
        var elsewhere: [String: Elsewhere] = [:]

        struct Elsewhere {
            var counted = VouchedImport.Sum()
            var voided = VouchedImport.Sum()
            /// Whether all of them say: those of earlier versions do not.
            var isWhole = true
        }

        mutating func count(_ facts: [String: String], of merchantID: String) {
            var sums = elsewhere[merchantID] ?? Elsewhere()
            if let counted = VouchedImport.Sum(facts["elsewhere"]), let voided = VouchedImport.Sum(facts["voided"]) {
                sums.counted.add(counted)
                sums.voided.add(voided)
            } else {
                sums.isWhole = false
            }
            elsewhere[merchantID] = sums
        }
    }

    private func importRecord(_ sql: any SQLReading) throws -> ImportRecord {
        var record = ImportRecord()
        var secrets: [String: [UInt8]] = [:]
        try sql.each(
            """
            SELECT   stream, number, what, object_id, facts
            FROM     event
            WHERE    object IN ('import', 'account')
            ORDER BY stream, number
            """
        ) { row in
            let (stream, id, number) = (try row.text("stream"), try row.text("object_id"), try row.int("number"))
            let what = try row.text("what")
            if what == "account.added" { record.accounts[id] = number }
            guard what == "payments.imported" else { return }
            let facts = eventFacts(try row.text("facts"))
            let secret = secrets[stream] ?? VouchedImport.secret(of: stream, keys)
            secrets[stream] = secret
            record.imports[id] = ImportRecord.Entry(
                number: number, secret: secret, payments: facts["payments"].flatMap(VouchedImport.digest),
                refunds: facts["refunds"].flatMap(VouchedImport.digest))
            for (other, change) in VouchedImport.changes(facts["payments_changed"]) {
                record.imports[other]?.payments?.sum &+= change.sum
            }
            for (other, change) in VouchedImport.changes(facts["refunds_changed"]) {
                record.imports[other]?.refunds?.sum &+= change.sum
            }
            record.count(facts, of: stream)
        }
        return record
    }

    /// What was refunded elsewhere is, for each merchant together, what imports counted, was paid outside and lost.
    private func verifyToldElsewhere(
        _ record: ImportRecord, _ sql: any SQLReading, _ faults: inout [Fault]
    ) throws {
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   merchant.id, merchant.code,
                     (SELECT COALESCE(SUM(payment.refunded_elsewhere_minor), 0)
                      FROM   payment
                      WHERE  payment.merchant_id = merchant.id)
                     AS kept_minor,
                     (SELECT COALESCE(SUM(payment.refunded_elsewhere_count), 0)
                      FROM   payment
                      WHERE  payment.merchant_id = merchant.id)
                     AS kept_count,
                     (SELECT COALESCE(SUM(movement.taken_minor), 0)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    movement.state = 'given_outside')
                     +
                     (SELECT COALESCE(SUM(block.counted_minor), 0)
                      FROM   block
                      WHERE  block.merchant_id = merchant.id
                      AND    block.outcome = 'lost')
                     AS known_minor,
                     (SELECT COUNT(*)
                      FROM   movement
                      WHERE  movement.merchant_id = merchant.id
                      AND    movement.state = 'given_outside')
                     +
                     (SELECT COUNT(*)
                      FROM   block
                      WHERE  block.merchant_id = merchant.id
                      AND    block.outcome = 'lost')
                     AS known_count,
                     (SELECT COUNT(*)
                      FROM   payment
                      WHERE  payment.merchant_id = merchant.id
                      AND    payment.voided_ms IS NOT NULL)
                     AS voided_count,
                     (SELECT COALESCE(SUM(payment.voided_ms), 0)
                      FROM   payment
                      WHERE  payment.merchant_id = merchant.id)
                     AS voided_total
            FROM     merchant
            ORDER BY merchant.id
            """
        ) { row in
            guard let told = record.elsewhere[try row.text("id")], told.isWhole else { return }
            let minor = try row.int("kept_minor") - row.int("known_minor")
            let count = try row.int("kept_count") - row.int("known_count")
            let voided = (try row.int("voided_count"), try row.int("voided_total"))
            guard
                (count, minor) != (told.counted.count, told.counted.total)
                    || voided != (told.voided.count, told.voided.total)
            else { return }
            let detail =
                "kept \(count) refunds of \(minor), imports counted \(told.counted.count) of "
                + "\(told.counted.total); \(voided.0) voided, imports counted \(told.voided.count)"
            found.append(Fault(check: "payment-elsewhere", object: try row.text("code"), detail: detail))
        }
        faults += found.prefix(Desk.verifyFaultsMax)
    }
}

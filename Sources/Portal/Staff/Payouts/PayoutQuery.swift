import RefundDesk
import RefundDomain
import Storage

/// A batch with the words that stand around it.
struct PayoutDetail: Sendable {
    let batch: PayoutBatch
    let merchant: CaseFile.Merchant
    let accountName: String
    let made: String?
    let decided: String?
    let items: [(item: PayoutItem, caseNumber: String)]
    let answers: [(answer: BankAnswer, by: String?, decidedBy: String?)]
}

/// Reads batches for the operator's finance desk.
struct PayoutQuery: Sendable {
    static let pageBatches = 25

    /// Only the support desk reads every merchant's.
    let everyMerchant: EveryMerchant

    struct Page: Sendable {
        let waiting: [(waiting: PayoutWaiting, merchant: CaseFile.Merchant)]
        let batches: [(batch: PayoutBatch, merchant: CaseFile.Merchant)]
        let next: MomentKey?
    }

    func page(before key: MomentKey?, _ sql: any SQLReading) throws -> Page {
        let found = try PayoutTable.newest(
            before: Moment(milliseconds: key?.milliseconds ?? .max), id: key?.id ?? "",
            count: Self.pageBatches + 1, sql)
        let shown = found.prefix(Self.pageBatches)
        return Page(
            waiting: try PayoutTable.waiting(sql).map { ($0, try merchant($0.merchantID, sql)) },
            batches: try shown.map { ($0, try merchant($0.merchantID, sql)) },
            next: found.count > shown.count
                ? shown.last.map { MomentKey(milliseconds: $0.made.milliseconds, id: $0.id) } : nil)
    }

    /// One batch with its orders and the banks' files; nil when there is none.
    func detail(_ id: String, _ seals: Seals, _ sql: any SQLReading) throws -> PayoutDetail? {
        guard let batch = try PayoutTable.find(id, sql) else { return nil }
        var names = StaffNames(seals, sql)
        return PayoutDetail(
            batch: batch, merchant: try merchant(batch.merchantID, sql),
            accountName: try sql.row(Self.account, [.text(batch.accountID)])?.text("name") ?? "",
            made: try names.short(batch.madeBy), decided: try names.short(batch.decidedBy),
            items: try PayoutTable.items(of: id, sql).map { item in
                (item, try sql.row(Self.caseNumber, [.text(item.caseID)])?.text("number") ?? "")
            },
            answers: try BankAnswerTable.list(of: batch, sql).map { answer in
                (answer, try names.short(answer.broughtBy), try names.short(answer.decidedBy))
            })
    }

    private static let account = "SELECT name FROM channel_account WHERE id = $1"
    private static let caseNumber = "SELECT number FROM refund_case WHERE id = $1"

    private func merchant(_ id: String, _ sql: any SQLReading) throws -> CaseFile.Merchant {
        guard let row = try sql.row(ReconciliationStatements.merchant, [.text(id)]) else { throw Refusal.notFound }
        return CaseFile.Merchant(
            id: id, name: try row.text("name"), nameEnglish: try row.textOrNil("name_en"),
            zone: Zone(try row.text("zone")) ?? .utc)
    }
}

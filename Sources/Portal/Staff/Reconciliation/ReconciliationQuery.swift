import RefundDesk
import RefundDomain
import Storage

/// Whose differences a page shows.
enum ReconciliationScope: Sendable {
    case merchant(MerchantScope)
    case every(EveryMerchant)

    var merchantID: String? {
        switch self {
        case .merchant(let scope): scope.merchantID
        case .every: nil
        }
    }
}

/// Which differences are listed.
enum ReconciliationList: String, Sendable, CaseIterable {
    case open
    case closed

    /// The field of the page's address that chooses it.
    static let field = "show"
}

/// A difference between a channel's file and our refunds.
struct DifferenceLine: Sendable {
    let key: MomentKey
    let merchant: CaseFile.Merchant
    let kind: Difference
    let channel: Channel?
    let ours: Money?
    let theirs: Money?
    let ourState: Movement.State?
    let theirStatus: StatementRefund.Status?
    let opened: Moment
    let closed: Moment?
    /// `fits` or `explained`.
    let outcome: String?
    let caseNumber: String?
    /// The refund's numbers: ours, and the channel's.
    let refundNumber: String?
    let channelNumber: String?
    /// The payment's number with the channel, where the file names it.
    let transaction: String?
    let lineNumber: Int64?
    let refunded: Moment?
    let sent: Moment?
}

/// What the page of one difference shows besides.
struct DifferenceDetail: Sendable {
    let line: DifferenceLine
    let format: String
    let from: Day?
    let to: Day?
    let fileRead: Moment
    let note: String?
    let closedBy: String?
}

/// Reads differences with what stands around them.
struct ReconciliationQuery: Sendable {
    static let pageLines = 25
    static let countMax = 100

    let scope: ReconciliationScope

    struct Page: Sendable {
        let lines: [DifferenceLine]
        let next: MomentKey?
    }

    func page(_ list: ReconciliationList, after key: MomentKey?, _ sql: any SQLReading) throws -> Page {
        let found = try rows(list, after: key, count: Self.pageLines + 1, sql)
        let lines = try found.prefix(Self.pageLines).map { try line($0, sql) }
        return Page(lines: lines, next: found.count > lines.count ? lines.last?.key : nil)
    }

    /// How many there are, as far as it is counted.
    func count(_ list: ReconciliationList, _ sql: any SQLReading) throws -> Int {
        try rows(list, after: nil, count: Self.countMax, sql).count
    }

    /// One difference with its note; nil for one of another merchant.
    func detail(_ id: String, _ seals: Seals, _ sql: any SQLReading) throws -> DifferenceDetail? {
        guard let row = try sql.row(ReconciliationStatements.one, [.text(id)]) else { return nil }
        let merchantID = try row.text("merchant_id")
        if let own = scope.merchantID, own != merchantID { return nil }
        var names = StaffNames(seals, sql)
        let place = SealPlace("difference", "note_sealed", row: id, tenant: merchantID, .words)
        return DifferenceDetail(
            line: try line(row, sql), format: try row.text("format"), from: try row.dayOrNil("from_on"),
            to: try row.dayOrNil("to_on"), fileRead: try row.moment("file_ms"),
            note: try seals.openText(try row.bytesOrNil("note_sealed"), place, sql),
            closedBy: try names.short(try row.textOrNil("closed_by")))
    }

    private func rows(
        _ list: ReconciliationList, after key: MomentKey?, count: Int, _ sql: any SQLReading
    ) throws -> [SQLRow] {
        let start =
            switch list {
            case .open: key ?? .first
            case .closed: key ?? MomentKey(milliseconds: .max, id: "")
            }
        var values: [SQLValue] = [.int(start.milliseconds), .text(start.id), .int(count)]
        guard let merchantID = scope.merchantID else {
            return try sql.rows(
                list == .open ? ReconciliationStatements.open : ReconciliationStatements.closed, values)
        }
        values.append(.text(merchantID))
        return try sql.rows(
            list == .open ? ReconciliationStatements.openOfMerchant : ReconciliationStatements.closedOfMerchant,
            values)
    }

    private func line(_ row: SQLRow, _ sql: any SQLReading) throws -> DifferenceLine {
        let line = try row.textOrNil("line_id").flatMap { try sql.row(ReconciliationStatements.line, [.text($0)]) }
        let movement = try row.textOrNil("movement_id").flatMap {
            try sql.row(ReconciliationStatements.movement, [.text($0)])
        }
        return DifferenceLine(
            key: MomentKey(milliseconds: try row.int("key_ms"), id: try row.text("id")),
            merchant: try merchant(try row.text("merchant_id"), sql), kind: try row.word("kind"),
            channel: try row.wordOrNil("channel"), ours: try row.moneyOrNil("ours_minor"),
            theirs: try row.moneyOrNil("theirs_minor"), ourState: try row.wordOrNil("our_state"),
            theirStatus: try row.wordOrNil("their_status"), opened: try row.moment("opened_ms"),
            closed: try row.momentOrNil("closed_ms"), outcome: try row.textOrNil("outcome"),
            caseNumber: try movement?.text("number"),
            refundNumber: try movement?.text("refund_number") ?? line?.textOrNil("refund_number"),
            channelNumber: try line?.textOrNil("channel_refund_number")
                ?? movement?.textOrNil("channel_refund_number"),
            transaction: try line?.textOrNil("transaction_no"), lineNumber: try line?.int("line"),
            refunded: try line?.moment("refunded_ms"), sent: try movement?.momentOrNil("sent_ms"))
    }

    private func merchant(_ id: String, _ sql: any SQLReading) throws -> CaseFile.Merchant {
        guard let row = try sql.row(ReconciliationStatements.merchant, [.text(id)]) else { throw Refusal.notFound }
        return CaseFile.Merchant(
            id: id, name: try row.text("name"), nameEnglish: try row.textOrNil("name_en"),
            zone: Zone(try row.text("zone")) ?? .utc)
    }
}

import RefundDomain
import Storage
import Vault

/// One file being held against a merchant's refunds, inside a transaction.
struct ReconcileRun {
    private let desk: Desk
    private let survey: ReconcileSurvey
    private let merchant: ImportTable.Merchant
    private let now: Moment
    private var ids: ImportIDs
    private var clock: ImportClock
    private let accounts: [ImportAccounts.Account]
    private var reconciliationID = ""
    var result: ReconcileResult

    /// A line of the file that says that a refund of ours was paid.
    struct Settled {
        let movementID: String
        let lineID: String
        let amount: Money
        let settledAt: Moment
        let channelRefundNumber: String?
    }

    init(
        desk: Desk, _ survey: ReconcileSurvey, _ merchant: ImportTable.Merchant, _ ids: ImportIDs, at now: Moment,
        _ sql: any SQLReading
    ) throws {
        self.desk = desk
        self.survey = survey
        self.merchant = merchant
        self.ids = ids
        self.now = now
        clock = ImportClock(merchant.zone)
        accounts = try ImportTable.accounts(of: merchant.id, sql)
        result = survey.result
        result.isStored = true
        reconciliationID = try ReconciliationTable.find(digest: digest, of: merchant.id, sql) ?? ""
    }

    private var digest: String { Hex.encode(survey.digest) }

    // MARK: The lines

    /// Writes the file down, unless the same one is there.
    mutating func begin(format: String, _ sql: any SQLTransaction) throws {
        guard reconciliationID.isEmpty else { return }
        reconciliationID = ids.id()
        try ReconciliationTable.insert(
            reconciliationID, of: merchant.id, format: format, digest: digest, result, at: now, sql)
        let facts = [
            "format": format, "read": String(result.read), "refunds": String(result.refunds),
            "from": result.days?.lowerBound.iso ?? "", "to": result.days?.upperBound.iso ?? "",
        ]
        let event = NewEvent(
            stream: merchant.id, actor: .system, what: "refunds.reconciled", object: "reconciliation",
            objectID: reconciliationID, facts: facts, visibility: .internal)
        try EventTable.append(event, at: now, desk.seals, sql)
    }

    /// Keeps the refunds of the file, each with the movement that it is.
    ///
    /// - Returns: those that end a refund of ours.
    mutating func keepLines(of source: ImportSource, _ sql: any SQLTransaction) throws -> [Settled] {
        var settled: [Settled] = []
        let next = try source.open()
        while let item = try next() {
            guard case .row(.refund(let refund)) = item else { continue }
            let (lineID, movementID) = try keep(refund, sql)
            guard refund.channel.refundLinesAreFinal, refund.status == .succeeded, let movementID,
                let ours = try ReconciliationTable.ours(movementID, sql),
                ours.state == .accepted || ours.state == .atBank, ours.gross == refund.amount
            else { continue }
            settled.append(
                Settled(
                    movementID: movementID, lineID: lineID, amount: refund.amount,
                    settledAt: clock.moment(refund.refundedAt), channelRefundNumber: refund.channelRefundNumber))
        }
        return settled
    }

    private mutating func keep(
        _ refund: StatementRefund, _ sql: any SQLTransaction
    ) throws -> (lineID: String, movementID: String?) {
        let refunded = clock.moment(refund.refundedAt)
        guard let line = try ReconciliationTable.line(refund.key, refund.channel, of: merchant.id, sql) else {
            let found = try ReconciliationTable.movement(of: refund, at: refunded, in: merchant.id, sql)
            let new = ReconciliationTable.NewLine(
                id: ids.id(), merchantID: merchant.id, reconciliationID: reconciliationID, movementID: found,
                refunded: refunded)
            try ReconciliationTable.insert(refund, new, sql)
            return (new.id, found)
        }
        let found =
            try line.movementID ?? ReconciliationTable.movement(of: refund, at: refunded, in: merchant.id, sql)
        if found != line.movementID || refund.amount != line.amount || refund.status != line.status {
            try ReconciliationTable.update(line.id, to: refund, movementID: found, sql)
        }
        return (line.id, found)
    }

    // MARK: What differs

    /// Opens what the file's lines and our refunds differ in.
    mutating func compare(_ source: ImportSource, _ sql: any SQLTransaction) throws {
        let next = try source.open()
        while let item = try next() {
            guard case .row(.refund(let refund)) = item,
                let line = try ReconciliationTable.line(refund.key, refund.channel, of: merchant.id, sql)
            else { continue }
            let findings = try Self.findings(line, of: merchant.id, sql)
            if line.movementID != nil { result.ours += 1 }
            if line.movementID == nil, findings.isEmpty { result.elsewhere += 1 }
            for finding in findings { try open(finding, sql) }
        }
    }

    /// What a line and our refund differ in now.
    static func findings(
        _ line: ReconciliationTable.Line, of merchantID: String, _ sql: any SQLReading
    ) throws -> [DifferenceTable.Finding] {
        guard let ours = try line.movementID.flatMap({ try ReconciliationTable.ours($0, sql) }) else {
            // No money moved, or it did and was counted when the statement was imported.
            if try line.status == .failed || ReconciliationTable.isElsewhere(line, of: merchantID, sql) { return [] }
            return [.init(kind: .unknownHere, channel: line.channel, line: line, ours: nil)]
        }
        var findings: [DifferenceTable.Finding] = []
        if line.amount != ours.gross {
            findings.append(.init(kind: .amount, channel: line.channel, line: line, ours: ours))
        }
        if !line.status.fits(ours.state, linesAreFinal: line.channel.refundLinesAreFinal) {
            findings.append(.init(kind: .state, channel: line.channel, line: line, ours: ours))
        }
        return findings
    }

    /// Opens what we sent on the days that the file covers and the file has not got.
    mutating func findMissing(_ sql: any SQLTransaction) throws {
        for (channel, days) in survey.days.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let time = span(of: days, channel)
            var last = ""
            while true {
                let page = try ReconciliationTable.withoutLine(channel, of: merchant.id, in: time, after: last, sql)
                for (ours, number) in page where isCovered(channel, number) {
                    guard ours.state.mustBeInFile(linesAreFinal: channel.refundLinesAreFinal) else { continue }
                    try open(.init(kind: .missingThere, channel: channel, line: nil, ours: ours), sql)
                }
                guard page.count == ReconciliationTable.pageRows, let end = page.last?.ours.id else { break }
                last = end
            }
        }
    }

    /// From the start of the first day to the end of the last, as the channel counts days.
    private func span(of days: ClosedRange<Day>, _ channel: Channel) -> Range<Moment> {
        let start = midnight(of: days.lowerBound).adding(seconds: -channel.settlesSecondsEarlier)
        let end = midnight(of: days.upperBound.adding(days: 1))
            .adding(seconds: -channel.settlesSecondsEarlier)
        return start..<max(start, end)
    }

    private func midnight(of day: Day) -> Moment {
        LocalTime(day: day, hour: 0, minute: 0, second: 0).map(merchant.zone.moment) ?? now
    }

    /// With several accounts of a channel a file tells of those whose numbers it names.
    private func isCovered(_ channel: Channel, _ merchantNumber: String) -> Bool {
        accounts.count { $0.channel == channel } < 2 || survey.numbers[channel]?.contains(merchantNumber) == true
    }

    private mutating func open(_ finding: DifferenceTable.Finding, _ sql: any SQLTransaction) throws {
        guard try !DifferenceTable.isKnown(finding, sql) else { return }
        let id = ids.id()
        try DifferenceTable.insert(finding, id: id, of: merchant.id, in: reconciliationID, at: now, sql)
        result.opened[finding.kind, default: 0] += 1
        try desk.recordDifference(
            "difference.opened", id, of: merchant.id, caseID: finding.ours?.caseID, kind: finding.kind,
            by: .system, at: now, sql)
    }

    // MARK: What fits now

    /// Looks at every open difference of the merchant anew.
    mutating func closeFitting(_ sql: any SQLTransaction) throws {
        var last: DifferenceTable.Open?
        while true {
            let page = try DifferenceTable.open(of: merchant.id, after: last, sql)
            for item in page where try desk.closeIfFitting(item, at: now, sql) { result.closed += 1 }
            guard page.count == ReconciliationTable.pageRows else { return }
            last = page.last
        }
    }

    func finished(_ sql: any SQLReading) throws -> ReconcileResult {
        var result = result
        result.open = try DifferenceTable.countOpen(of: merchant.id, sql)
        return result
    }
}

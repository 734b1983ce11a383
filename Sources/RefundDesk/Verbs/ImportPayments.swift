import RefundDomain
import Storage

/// Ends the transaction of an import that keeps nothing.
private struct NothingKept: Error {
    let result: ImportResult
}

extension Desk {
    /// Imports a statement: payments once, refunds made elsewhere once, one posting a currency (P0).
    ///
    /// The whole file is one transaction, read as it is written, so that memory stays flat and a statement is there
    /// whole or not at all. Importing it again changes nothing. Refunds are taken in a second reading, when every
    /// payment of the file is there; one whose payment is not known yet finds it when its file is imported again.
    ///
    /// - Returns: what became of the rows; ``ImportResult/isStored`` is false when bad lines stopped it.
    /// - Throws: ``Refusal/field(_:_:)`` for an unknown merchant; what the source throws; ``StoreFault``. Nothing is
    ///   imported then.
    public func importPayments(
        _ source: ImportSource, merchantCode: String, options: ImportOptions = ImportOptions()
    ) async throws -> ImportResult {
        let now = clock()
        let base = try newID()
        do {
            // Each statement is right by itself: keys, guards and sums that are added to. As a serializable transaction
            // a long import would meet the merchant's other work again and again.
            return try await store.write(.eachStatement) { sql in
                guard let merchant = try ImportTable.merchant(code: merchantCode, sql) else {
                    throw Refusal.field("merchant", .notOffered)
                }
                try ImportTable.takeTurn(merchant.id, sql)
                var run = try ImportRun(merchant, ids: ImportIDs(base), now: now, keys, sql)
                try ImportTable.begin(run.importID, merchant.id, format: source.format, at: now, sql)
                try payments(of: source, &run, sql)
                if run.hasRefunds { try refunds(of: source, &run, sql) }
                if options.isDryRun || (run.result.bad > 0 && !options.skipsBad) {
                    throw NothingKept(result: run.result)
                }
                try finish(&run, sql)
                return run.result
            }
        } catch let nothing as NothingKept {
            return nothing.result
        }
    }

    private func payments(of source: ImportSource, _ run: inout ImportRun, _ sql: any SQLTransaction) throws {
        let next = try source.open()
        while let item = try next() {
            switch item {
            case .bad(let line): run.count(line)
            case .row(.payment(let payment)): try run.take(payment, sql)
            case .row(.refund): run.hasRefunds = true
            }
        }
    }

    private func refunds(of source: ImportSource, _ run: inout ImportRun, _ sql: any SQLTransaction) throws {
        let next = try source.open()
        while let item = try next() {
            switch item {
            case .bad, .row(.payment): continue
            case .row(.refund(let refund)): try run.take(refund, sql)
            }
        }
    }

    private func finish(_ run: inout ImportRun, _ sql: any SQLTransaction) throws {
        try run.post(sql)
        run.result.isStored = true
        try ImportTable.end(run.importID, run.result, sql)
        var facts = [
            "read": String(run.result.read), "new": String(run.result.new), "known": String(run.result.known),
            "bad": String(run.result.bad),
        ]
        facts.merge(run.vouched.facts) { $1 }
        let event = NewEvent(
            stream: run.merchant.id, actor: .system, what: "payments.imported", object: "import",
            objectID: run.importID, facts: facts, visibility: .internal)
        try EventTable.append(event, at: run.now, seals, sql)
    }
}

/// Ids of one import: the time and chance of its first, then a count, so that a million of them cost no chance.
struct ImportIDs {
    private let stem: Substring
    private var next: UInt64 = 0
    private static let countDigits = 10

    init(_ base: String) {
        stem = base.prefix(32 - Self.countDigits)
    }

    mutating func id() -> String {
        next += 1
        let digits = String(next, radix: 16)
        return stem + String(repeating: "0", count: max(Self.countDigits - digits.utf8.count, 0)) + digits
    }
}

/// Tells the moment of a clock reading, looking the zone up once a day.
struct ImportClock {
    private let zone: Zone
    private var day: Day?
    private var midnight = Moment(milliseconds: 0)
    /// Whether no hour of the day is skipped or repeated.
    private var isPlain = false

    init(_ zone: Zone) {
        self.zone = zone
    }

    mutating func moment(_ time: LocalTime) -> Moment {
        if day != time.day { look(at: time.day) }
        guard isPlain else { return zone.moment(time) }
        return midnight.adding(seconds: Int64(time.hour * 3600 + time.minute * 60 + time.second))
    }

    private mutating func look(at day: Day) {
        self.day = day
        isPlain = false
        guard let first = LocalTime(day: day, hour: 0, minute: 0, second: 0),
            let last = LocalTime(day: day, hour: 23, minute: 59, second: 59)
        else { return }
        midnight = zone.moment(first)
        isPlain = zone.moment(last) == midnight.adding(seconds: 86_399)
    }
}

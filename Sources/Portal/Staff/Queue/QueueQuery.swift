import RefundDesk
import RefundDomain
import Storage

/// One line of a queue or of search results.
struct CaseLine: Sendable, Hashable {
    let id: String
    let number: String
    let state: RefundCase.State
    let due: WorkingDays.Counted
    let asked: Money
    let reason: RequestReason?
    let assigneeID: String?
    let submitted: Moment

    var key: QueueKey { QueueKey(due: due.day.iso, id: id) }

    init(_ row: SQLRow) throws {
        guard let state = RefundCase.State(rawValue: try row.text("state")) else {
            throw StoreFault.wrongKind("state")
        }
        guard let currency = Currency(code: try row.text("currency")),
            let asked = Money(minor: try row.int("asked_minor"), currency: currency)
        else { throw StoreFault.wrongKind("asked_minor") }
        id = try row.text("id")
        number = try row.text("number")
        self.state = state
        due = try row.counted("due_on", exact: "due_exact")
        self.asked = asked
        reason = try row.textOrNil("reason").flatMap { RequestReason(rawValue: $0) }
        assigneeID = try row.textOrNil("assignee_id")
        submitted = Moment(milliseconds: try row.int("submitted_ms"))
    }
}

/// How many cases are in a state, as far as it was counted.
struct StateCount: Sendable, Hashable {
    let state: RefundCase.State
    let count: Int64
}

/// Reads pages of one merchant's queue.
struct QueueQuery: Sendable {
    /// Lines of a page.
    static let pageLines = 25
    /// Where counting stops, so that a long history does not cost a scan at every look.
    static let countMax: Int64 = 1000
    /// A promised date is never further from the day of sending than so many days, holidays included.
    private static let promiseDaysMax: Int64 = 60

    let merchant: MerchantScope
    let member: StaffMember
    let today: Day
    let now: Moment

    struct Page: Sendable {
        let lines: [CaseLine]
        /// Where the next page begins after; nil on the last one.
        let next: QueueKey?
    }

    /// The lines after a key.
    func page(_ filter: QueueFilter, after key: QueueKey?, _ sql: any SQLReading) throws -> Page {
        let found = try lines(filter, after: key, count: QueueQuery.pageLines + 1, sql)
        let lines = Array(found.prefix(QueueQuery.pageLines))
        return Page(lines: lines, next: found.count > lines.count ? lines.last?.key : nil)
    }

    /// The case to look at after another one: the next in the queue, else its first; nil when there is no other.
    func next(_ filter: QueueFilter, after key: QueueKey, _ sql: any SQLReading) throws -> CaseLine? {
        if let next = try lines(filter, after: key, count: 1, sql).first { return next }
        return try lines(filter, after: nil, count: 2, sql).first { $0.key != key }
    }

    /// How many cases each state has.
    func counts(_ sql: any SQLReading) throws -> [StateCount] {
        try QueueFilter.states.map { state in
            let row = try sql.row(
                QueueStatements.count,
                [.text(merchant.merchantID), .text(state.rawValue), .int(QueueQuery.countMax)])
            return StateCount(state: state, count: try row?.int("counted") ?? 0)
        }
    }

    /// The first lines of every state that is shown, merged in the order of the page.
    private func lines(
        _ filter: QueueFilter, after key: QueueKey?, count: Int, _ sql: any SQLReading
    ) throws -> [CaseLine] {
        let isLatest = filter.order == .latest
        let found = try filter.scope.states.flatMap { state -> [CaseLine] in
            guard filter.flag != .overdue || state.isMerchantsTurn else { return [] }
            return try sql.rows(statement(filter), values(filter, state, key, count)).map(CaseLine.init)
        }
        let sorted = found.sorted { isLatest ? $1.key < $0.key : $0.key < $1.key }
        return Array(sorted.prefix(count))
    }

    private func statement(_ filter: QueueFilter) -> String {
        switch (filter.assignee, filter.order) {
        case (nil, .due): QueueStatements.all
        case (nil, .latest): QueueStatements.allLatest
        case (.me, .due): QueueStatements.assigned
        case (.me, .latest): QueueStatements.assignedLatest
        case (.some(.none), .due): QueueStatements.unassigned
        case (.some(.none), .latest): QueueStatements.unassignedLatest
        }
    }

    private func values(
        _ filter: QueueFilter, _ state: RefundCase.State, _ key: QueueKey?, _ count: Int
    ) -> [SQLValue] {
        let bound = dueBefore(filter)
        let first = filter.order == .due ? QueueKey(due: "", id: "") : QueueKey(due: bound, id: "")
        let key = filter.order == .due ? key ?? first : min(key ?? first, first)
        var values: [SQLValue] = [
            .text(merchant.merchantID), .text(state.rawValue), .text(key.due), .text(key.id),
            .int(sentUntil(filter).milliseconds), .int(count),
        ]
        if filter.order == .due { values.append(.text(bound)) }
        if filter.assignee == .me { values.append(.text(member.id)) }
        return values
    }

    /// Promised dates from here on are not shown. Old requests are bounded by date too, so that the index ends the
    /// walk.
    private func dueBefore(_ filter: QueueFilter) -> String {
        var bounds = ["9999-12-31"]
        if filter.flag == .overdue { bounds.append(today.iso) }
        if let days = filter.olderThan {
            bounds.append(today.adding(days: QueueQuery.promiseDaysMax - days).iso)
        }
        return bounds.min() ?? today.iso
    }

    private func sentUntil(_ filter: QueueFilter) -> Moment {
        now.adding(seconds: -(filter.olderThan ?? 0) * 86_400)
    }
}

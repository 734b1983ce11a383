import RefundDesk
import RefundDomain
import Web
import Words

/// The merchant's queue.
struct QueueView: View {
    static let template = "staff/queue"
    static let sample = QueueView(
        frame: .sample, tabs: [.sample], filters: .sample, lines: [.sample], hasLines: true,
        nextAddress: "/merchant/queue",
        firstAddress: "/merchant/queue", savedNote: "收藏这个地址，就留住了这个筛选。", searched: "找到 3 笔")

    /// A state with how many cases wait in it.
    struct Tab: Sendable, Hashable {
        let name: String
        let count: String
        let address: String
        let isCurrent: Bool

        static let sample = Tab(name: "新申请", count: "12", address: "/merchant/queue?state=submitted", isCurrent: true)
    }

    struct Filters: Sendable, Hashable {
        let state: String
        let search: String?
        let olderThan: String?
        let assignee: SelectField
        let flag: SelectField
        let sort: SelectField

        static let sample = Filters(
            state: "open", search: "1234", olderThan: "3", assignee: .sample, flag: .sample, sort: .sample)
    }

    struct Line: Sendable, Hashable {
        let number: String
        let address: String
        let age: String
        let due: String
        let isOverdue: Bool
        let amount: String
        let reason: String
        let tag: StateTag
        let assignee: String

        static let sample = Line(
            number: "RF-7K3M-Q9TX-D", address: "/merchant/cases/RF-7K3M-Q9TX-D", age: "3 天前", due: "已逾期 2 天",
            isOverdue: true, amount: "¥50.00", reason: "商品有问题", tag: .sample, assignee: "lin")
    }

    let frame: StaffFrame
    let tabs: [Tab]
    let filters: Filters
    let lines: [Line]
    let hasLines: Bool
    let nextAddress: String?
    let firstAddress: String?
    let savedNote: String?
    let searched: String?
}

/// Turns what the queue's query found into its page.
struct QueueWriter {
    let phrases: Phrases
    let clock: StaffClock
    let filter: QueueFilter

    static var keys: [String] {
        [
            "staff.queue.open", "staff.queue.all", "staff.queue.many", "staff.queue.found", "staff.queue.saved",
            "staff.queue.mine", "staff.queue.nobody", "staff.queue.anyone", "staff.queue.any-mark",
            "staff.queue.overdue", "staff.queue.by-due", "staff.queue.by-latest", "staff.queue.assignee",
            "staff.queue.mark", "staff.queue.sort",
        ]
    }

    func tabs(_ counts: [StateCount]) -> [QueueView.Tab] {
        let open = counts.filter { $0.state.isUndecided }
        let sum = open.reduce(0) { $0 + $1.count }
        let isCut = open.contains { $0.count >= QueueQuery.countMax }
        let first = [tab(.open, phrases.text("staff.queue.open"), count(sum, isCut: isCut))]
        let rest = counts.map { counted in
            tab(
                .one(counted.state), CaseWords(phrases).state(counted.state),
                count(counted.count, isCut: counted.count >= QueueQuery.countMax))
        }
        return first + rest
    }

    private func tab(_ scope: QueueFilter.Scope, _ name: String, _ count: String) -> QueueView.Tab {
        var other = filter
        other.scope = scope
        other.search = nil
        let isCurrent = filter.search == nil && filter.scope == scope
        return QueueView.Tab(name: name, count: count, address: other.address, isCurrent: isCurrent)
    }

    private func count(_ count: Int64, isCut: Bool) -> String {
        isCut ? phrases.text("staff.queue.many", ["count": String(count)]) : String(count)
    }

    var filters: QueueView.Filters {
        QueueView.Filters(
            state: filter.scope.text, search: filter.search, olderThan: filter.olderThan.map { String($0) },
            assignee: select(
                "assignee", "staff.queue.assignee",
                [
                    "": "staff.queue.anyone", "me": "staff.queue.mine",
                    "none": "staff.queue.nobody",
                ], filter.assignee?.rawValue),
            flag: select(
                "flag", "staff.queue.mark", ["": "staff.queue.any-mark", "overdue": "staff.queue.overdue"],
                filter.flag?.rawValue),
            sort: select(
                "sort", "staff.queue.sort", ["due": "staff.queue.by-due", "latest": "staff.queue.by-latest"],
                filter.order.rawValue))
    }

    private func select(
        _ name: String, _ label: String, _ options: KeyValuePairs<String, String>, _ chosen: String?
    ) -> SelectField {
        SelectField(
            name, label: phrases.text(label), options: options.map { ($0.key, phrases.text($0.value)) },
            chosen: chosen)
    }

    func line(_ line: CaseLine, assignee: String?) -> QueueView.Line {
        let words = CaseWords(phrases)
        let due = DueWords(phrases, clock)
        return QueueView.Line(
            number: line.number, address: "/merchant/cases/\(line.number)", age: due.age(line.submitted),
            due: due.text(line.state, due: line.due), isOverdue: due.isOverdue(line.state, due: line.due),
            amount: line.asked.text, reason: words.reason(line.reason), tag: words.tag(line.state),
            assignee: assignee ?? phrases.text("staff.unassigned"))
    }
}

import RefundDesk
import RefundDomain
import Vault
import Web

/// What a queue shows and in which order; its query text is the saved filter.
struct QueueFilter: Sendable, Hashable {
    /// Which states are shown.
    enum Scope: Sendable, Hashable {
        /// What waits for a decision of anybody.
        case open
        case all
        case one(RefundCase.State)

        var states: [RefundCase.State] {
            switch self {
            case .open: RefundCase.State.allCases.filter(\.isUndecided)
            case .all: QueueFilter.states
            case .one(let state): [state]
            }
        }

        var text: String {
            switch self {
            case .open: "open"
            case .all: "all"
            case .one(let state): state.rawValue
            }
        }

        init?(_ text: String) {
            switch text {
            case "open": self = .open
            case "all": self = .all
            default:
                guard let state = RefundCase.State(rawValue: text), state != .draft else { return nil }
                self = .one(state)
            }
        }
    }

    /// Whose cases are shown.
    enum Assignee: String, Sendable, Hashable, CaseIterable {
        case me
        case none
    }

    /// What is marked.
    enum Flag: String, Sendable, Hashable, CaseIterable {
        /// The promised date has passed and it is the merchant's turn.
        case overdue
    }

    enum Order: String, Sendable, Hashable, CaseIterable {
        /// What was promised first comes first.
        case due
        case latest
    }

    /// The states that a queue can show: everything that was sent.
    static let states = RefundCase.State.allCases.filter { $0 != .draft }
    /// The oldest that can be asked for, in days.
    static let olderThanMax: Int64 = 3650
    /// The longest text that is searched for, in characters.
    static let searchCharactersMax = 120

    var scope = Scope.open
    var assignee: Assignee?
    var flag: Flag?
    /// Days since the request was sent.
    var olderThan: Int64?
    var search: String?
    var order = Order.due

    init() {}

    /// Reads the fields of the page's form; what does not fit is left out, as if it had not been chosen.
    init(_ fields: FormFields) {
        scope = fields.text("state").flatMap { Scope($0) } ?? .open
        assignee = fields.text("assignee").flatMap { Assignee(rawValue: $0) }
        flag = fields.text("flag").flatMap { Flag(rawValue: $0) }
        olderThan = fields.text("older_than").flatMap { Int64($0) }.flatMap { days in
            (1...QueueFilter.olderThanMax).contains(days) ? days : nil
        }
        search = fields.text("q").map { String($0.prefix(QueueFilter.searchCharactersMax)) }
        order = fields.text("sort").flatMap { Order(rawValue: $0) } ?? .due
    }

    /// The filter as the query of its address, without what is as usual; empty for the usual queue.
    var query: String {
        QueryText.joined([
            ("state", scope == .open ? nil : scope.text), ("assignee", assignee?.rawValue), ("flag", flag?.rawValue),
            ("older_than", olderThan.map { String($0) }), ("q", search),
            ("sort", order == .due ? nil : order.rawValue),
        ])
    }

    /// The address of the queue with this filter.
    var address: String { address(after: nil) }

    /// The address of the page that begins after a key.
    func address(after key: QueueKey?) -> String {
        let parts = [query, key.map { "after=\(QueryText.encoded($0.text))" } ?? ""].filter { !$0.isEmpty }
        return parts.isEmpty ? Paths.merchantQueue : "\(Paths.merchantQueue)?\(parts.joined(separator: "&"))"
    }
}

/// Where a page of the queue begins: after the case with this promised date and id.
struct QueueKey: Sendable, Hashable, Comparable {
    let due: String
    let id: String

    init(due: String, id: String) {
        self.due = due
        self.id = id
    }

    /// Reads a key of a page's address; nil when it is none.
    init?(_ text: String?) {
        guard let text else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let due = parts.first, let id = parts.last, Day(iso: String(due)) != nil,
            id.utf8.count <= 64, id.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.init(due: String(due), id: String(id))
    }

    var text: String { "\(due)_\(id)" }

    static func < (left: QueueKey, right: QueueKey) -> Bool {
        (left.due, left.id) < (right.due, right.id)
    }
}

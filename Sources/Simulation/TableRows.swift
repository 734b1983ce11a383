import RefundDesk
import RefundDomain
import Storage

/// The rows of the transition tables, told apart where one name stands for several, and how often runs took them.
public enum TableRows {
    /// Every row in the order of the tables, as `R20 withdraw: approved → withdrawn`.
    public static let all: [String] = RefundCase.transitions.map(name) + Movement.transitions.map(name)

    /// The rows that no run can take, and why.
    public static let outOfReach: [String: String] = {
        var why = [
            "M17 accept: needs_payee_action → accepted": "WeChat Pay does not take an order on again",
            "M17 reroute: needs_payee_action → rerouted": "no account can be sealed under a run's cheap signatures",
            "M20 reroute: returned → rerouted": "no account can be sealed under a run's cheap signatures",
        ]
        for row in Movement.transitions where row.from == .atBank || row.to == .atBank {
            why[name(row)] = "WeChat Pay has no word for what is with a bank"
        }
        for row in Movement.transitions where row.from == .planned && row.id != "M2" && row.id != "M3" {
            why[name(row)] = "a planned movement is ready or waits when the transaction ends"
        }
        return why
    }()

    static func name(_ row: RefundCase.Transition) -> String {
        "\(row.id) \(row.command.rawValue): \(row.from?.rawValue ?? "—") → \(row.to.rawValue)"
    }

    static func name(_ row: Movement.Transition) -> String {
        "\(row.id) \(row.happening.rawValue): \(row.from?.rawValue ?? "—") → \(row.to.rawValue)"
    }

    /// How often the record of a database says that each row was taken.
    static func count(_ sql: any SQLReading) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        var states: [String: String] = [:]
        try sql.each(
            """
            SELECT   object, object_id, transition, what, actor, facts
            FROM     event
            WHERE    transition IS NOT NULL
            ORDER BY stream, number
            """
        ) { event in
            let object = try event.text("object_id")
            let id = try event.text("transition")
            if try event.text("object") == "case" {
                let to = eventFacts(try event.text("facts"))["to"]
                let rows = RefundCase.transitions.filter { row in
                    row.id == id && row.from?.rawValue == states[object] && (to == nil || to == row.to.rawValue)
                }
                // R11 is the cardholder's or the clock's.
                let actor = try event.text("actor")
                guard let row = rows.first(where: { $0.actors.map(\.rawValue).contains(actor) }) ?? rows.first else {
                    return
                }
                states[object] = row.to.rawValue
                counts[name(row), default: 0] += 1
            } else {
                let to = try event.text("what").dropFirst("movement.".count).replacing("-", with: "_")
                let row = Movement.transitions.first { row in
                    row.id == id && row.from?.rawValue == states[object] && row.to.rawValue == to
                }
                guard let row else { return }
                states[object] = row.to.rawValue
                counts[name(row), default: 0] += 1
            }
        }
        return counts
    }
}

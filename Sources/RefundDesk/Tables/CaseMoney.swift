import RefundDomain
import Storage

/// All the movements of a case together.
struct CaseMoney {
    private let movements: [MovementRow]
    private let row: CaseRow

    init(of row: CaseRow, _ sql: any SQLReading) throws {
        self.row = row
        movements = try MovementTable.list(ofCase: row.id, sql)
    }

    /// What the money that is owed and lies with the merchant costs it: all that a hold is for, besides what is not
    /// decided.
    func unsentCost(in currency: Currency) throws -> Money {
        var cost = Money.zero(currency)
        for movement in movements where movement.source == .hold && isUnsent(movement) {
            guard let sum = cost.adding(movement.cost) else { throw StoreFault.wrongKind("hold") }
            cost = sum
        }
        return cost
    }

    /// What of a hold is there for a movement that waits: all but what others are ready to be sent from.
    func spare(of held: Money, for movement: MovementRow) -> Money {
        movements.filter { $0.id != movement.id && $0.state == .ready && $0.source == .hold }
            .reduce(held) { $0.subtracting($1.cost) ?? .zero(held.currency) }
    }

    /// What reached the cardholder, or is theirs to have; nil for nothing.
    func granted() throws -> Money? {
        var granted: Money?
        for movement in movements where counts(movement.state) {
            granted = (granted ?? .zero(row.currency)).adding(movement.taken)
            if granted == nil { throw StoreFault.wrongKind("taken_minor") }
        }
        return granted
    }

    /// Whether any of it is not at its end.
    var isOpen: Bool {
        movements.contains { movement in
            movement.state == .failed ? !isReplaced(movement) : !movement.state.isFinal
        }
    }

    /// When the channel last confirmed any of it that nobody has said to have arrived.
    var lastSuccess: Moment? { movements.filter { $0.state == .succeeded }.map(\.changed).max() }

    private func isUnsent(_ movement: MovementRow) -> Bool {
        movement.state.isBeforeSending || (movement.state == .failed && !isReplaced(movement))
    }

    private func isReplaced(_ movement: MovementRow) -> Bool {
        movements.contains { $0.replacesID == movement.id }
    }

    private func counts(_ state: Movement.State) -> Bool {
        switch state {
        case .failed, .cancelled, .rerouted, .givenBack: false
        case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded,
            .arrived, .returned, .givenOutside, .unclaimed:
            true
        }
    }
}

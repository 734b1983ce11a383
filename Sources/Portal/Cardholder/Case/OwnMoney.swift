import RefundDomain

/// Where the money of a case stands, worked out from all its movements.
///
/// A case is never "refunded" by itself: what has been confirmed is what its movements say.
struct OwnMoney: Sendable {
    let moves: [OwnCase.MoneyMove]
    private let nothing: Money

    init(_ moves: [OwnCase.MoneyMove], in currency: Currency) {
        self.moves = moves
        nothing = .zero(currency)
    }

    /// The movements that count: not those that were called off, and not those whose place another one took.
    var live: [OwnCase.MoneyMove] {
        let replaced = Set(moves.compactMap(\.replaces))
        return moves.filter { $0.state != .cancelled && $0.state != .rerouted && !replaced.contains($0.id) }
    }

    /// The movement that the page speaks of first: whatever needs somebody, else what is furthest from the end.
    var leading: OwnCase.MoneyMove? {
        live.enumerated().min { ($0.element.urgency, -$0.offset) < ($1.element.urgency, -$1.offset) }?.element
            ?? moves.last
    }

    /// What is to reach the cardholder through the bank: what has, what is on its way and what still waits.
    var toArrive: Money { sum(live.filter { $0.state.isMeantToArrive }) }
    /// What the bank has confirmed.
    var confirmed: Money { sum(live.filter(\.state.isPaid)) }
    /// What the cardholder has seen arrive.
    var arrived: Money { sum(live.filter { $0.state == .arrived }) }
    /// What the merchant paid in another way.
    var outside: Money { sum(live.filter { $0.state == .givenOutside }) }
    /// The handling fee that was taken out of what the cardholder gets.
    var fee: Money {
        live.reduce(nothing) { sum, move in
            sum.adding(move.taken.subtracting(move.gross) ?? nothing) ?? sum
        }
    }

    /// Whether the money is, or was, in a bank's hands, so that calling the bank makes sense.
    var isWithBank: Bool {
        live.contains {
            switch $0.state {
            case .accepted, .atBank, .needsPayeeAction, .succeeded, .arrived, .returned: true
            case .planned, .waitingFunds, .ready, .sending, .unknown, .failed, .rerouted, .givenBack, .givenOutside,
                .unclaimed, .cancelled:
                false
            }
        }
    }

    private func sum(_ moves: [OwnCase.MoneyMove]) -> Money {
        moves.reduce(nothing) { $0.adding($1.gross) ?? $0 }
    }
}

extension OwnCase.MoneyMove {
    /// The lower, the sooner the page speaks of it.
    fileprivate var urgency: Int {
        switch state {
        case .returned: 0
        case .needsPayeeAction: 1
        case .failed: 2
        case .waitingFunds: 3
        case .planned, .ready, .sending, .unknown: 4
        case .accepted, .atBank: overdue == nil ? 6 : 5
        case .succeeded: 7
        case .arrived: 8
        case .givenOutside: 9
        case .givenBack, .unclaimed: 10
        case .rerouted, .cancelled: 11
        }
    }
}

extension Movement.State {
    /// Whether money in this state has reached the cardholder's bank or still may.
    fileprivate var isMeantToArrive: Bool {
        switch self {
        case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded,
            .arrived, .failed, .returned:
            true
        case .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled: false
        }
    }
}

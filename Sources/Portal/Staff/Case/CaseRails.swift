import RefundDesk
import RefundDomain
import Web
import Words

/// Draws the two rails of a case for staff, oldest station first.
struct CaseRails {
    private let file: CaseFile
    private let clock: StaffClock
    private let events: EventWords
    private let phrases: Phrases

    init(_ file: CaseFile, _ clock: StaffClock, _ phrases: Phrases) {
        self.file = file
        self.clock = clock
        self.phrases = phrases
        events = EventWords(phrases, clock, file.request.amount.currency)
    }

    static var keys: [String] {
        [
            "decision", "money", "decision.next", "money.held", "money.released", "money.expected", "money.two-people",
            "seal.approved",
            "seal.declined", "answer.next",
        ].map { "staff.rail.\($0)" }
    }

    /// What makes a station of the decision's rail; the rest is detail of the history below.
    private static let decisions: Set<String> = [
        "case.submitted", "case.taken", "case.asked", "case.answered", "case.offered", "offer.accepted",
        "offer.refused", "offer.lapsed", "case.first-approved", "case.sent-back", "case.approved", "case.undone",
        "case.declined", "case.appealed", "case.escalated", "case.expired", "case.withdrawn", "case.reopened",
        "case.revived", "case.paused", "case.resumed", "case.closed",
    ]

    var rails: Rails {
        Rails(
            decision: Rails.Rail(title: phrases.text("staff.rail.decision"), stations: decision),
            money: Rails.Rail(title: phrases.text("staff.rail.money"), stations: money))
    }

    private var decision: [Rails.Station] {
        let past = file.events.reversed().filter { CaseRails.decisions.contains($0.what) }
        var stations = past.enumerated().map { place, event in
            station(event, place == past.count - 1 ? .present : .past)
        }
        switch file.state {
        case .submitted, .inReview, .awaitingSecond, .appealed:
            stations.append(future("staff.rail.decision.next", clock.day(file.due)))
        case .infoNeeded:
            stations.append(future("staff.rail.answer.next", (file.questions.first?.due).map(clock.day)))
        case .counterOffered:
            stations.append(future("staff.rail.answer.next", file.request.offerUntil.map(clock.time)))
        case .draft, .approved, .declined, .withdrawn, .expired, .closed: break
        }
        return stations
    }

    private var money: [Rails.Station] {
        let moves = file.events.reversed().filter { $0.what.hasPrefix("movement.") }
        var stations: [Rails.Station] = []
        if let hold = file.hold {
            let isReleased = moves.isEmpty && hold.cost.minor == 0
            stations.append(
                Rails.Station(
                    phrases.text("staff.rail.money.held", ["amount": held(hold).text]),
                    moves.isEmpty && !isReleased ? .present : .past, when: clock.time(file.request.submitted)))
            if isReleased { stations.append(Rails.Station(phrases.text("staff.rail.money.released"), .present)) }
        }
        stations += moves.enumerated().map { place, event in
            station(event, place == moves.count - 1 ? .present : .past)
        }
        if let movement = file.movements.first, !movement.state.isEnded {
            let isBack = movement.state == .returned
            stations.append(
                isBack
                    ? future("staff.rail.money.two-people", nil)
                    : future("staff.rail.money.expected", movement.expected.map(clock.span)))
        }
        return stations
    }

    /// What was held when the request came: the cost of all that was asked.
    private func held(_ hold: CaseFile.Hold) -> Money {
        let submitted = file.events.first { $0.what == "case.submitted" }
        return submitted?.facts["cost_minor"].flatMap { Int64($0) }
            .flatMap { Money(minor: $0, currency: hold.cost.currency) } ?? hold.cost
    }

    private func station(_ event: CaseFile.EventLine, _ place: Rails.Place) -> Rails.Station {
        Rails.Station(
            events.sentence(event), place, when: clock.time(event.at), who: events.who(event),
            note: events.code(event), seal: seal(event))
    }

    private func seal(_ event: CaseFile.EventLine) -> Seal? {
        switch event.what {
        case "case.approved", "offer.accepted":
            Seal(.approved, text: phrases.text("staff.rail.seal.approved"), date: clock.sealDate(event.at))
        case "case.declined":
            Seal(.declined, text: phrases.text("staff.rail.seal.declined"), date: clock.sealDate(event.at))
        default: nil
        }
    }

    private func future(_ key: String, _ when: String?) -> Rails.Station {
        Rails.Station(phrases.text(key), .future, when: when)
    }
}

extension Movement.State {
    /// Whether nothing more is awaited.
    fileprivate var isEnded: Bool {
        switch self {
        case .succeeded, .arrived, .failed, .rerouted, .givenBack, .givenOutside, .unclaimed, .cancelled: true
        case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .returned:
            false
        }
    }
}

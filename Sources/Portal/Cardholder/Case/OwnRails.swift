import RefundDomain
import Web
import Words

/// The two tracks of a case: what was decided, and where the money is.
struct OwnRails {
    private let wording: CaseWording
    private var owned: OwnCase { wording.owned }
    private var dates: CaseDates { wording.dates }

    init(_ wording: CaseWording) {
        self.wording = wording
    }

    var rails: Rails {
        Rails(
            decision: Rails.Rail(title: text("decision"), stations: decision),
            money: Rails.Rail(title: text("money"), stations: money))
    }

    private func text(_ key: String, _ values: [String: String] = [:]) -> String {
        wording.phrases.text("cardholder.rail.\(key)", values)
    }

    private var decision: [Rails.Station] {
        let entries = owned.happenings.filter { OwnRails.decisions.contains($0.what) }
        let future = futureDecision
        var stations = entries.enumerated().map { place, entry in
            station(entry, place == entries.count - 1 ? .present : .past)
        }
        if let future { stations.append(future) }
        return stations
    }

    private func station(_ entry: OwnCase.Happening, _ place: Rails.Place) -> Rails.Station {
        Rails.Station(
            text(entry.what, ["amount": amount(entry) ?? "", "merchant": wording.merchant]), place,
            when: dates.time(entry.at), note: entry.text, seal: seal(entry))
    }

    /// Both tracks' entries after a version, in order, as sentences.
    func entries(since version: Int64) -> [(text: String, when: String)] {
        owned.happenings.filter { ($0.version ?? 0) > version }.compactMap { entry in
            guard OwnRails.decisions.contains(entry.what) || OwnRails.moves.contains(entry.what) else { return nil }
            let values = ["amount": amount(entry) ?? "", "merchant": wording.merchant]
            return (text(entry.what, values), dates.time(entry.at))
        }
    }

    private func amount(_ entry: OwnCase.Happening) -> String? {
        let minor = ["approved_minor", "proposed_minor", "offered_minor", "asked_minor", "gross_minor", "amount_minor"]
            .compactMap { entry.facts[$0] }
            .first
        return minor.flatMap { Int64($0) }.flatMap { Money(minor: $0, currency: owned.asked.currency) }?.text
    }

    private func seal(_ entry: OwnCase.Happening) -> Seal? {
        switch entry.what {
        case "case.approved", "offer.accepted": Seal(.approved, text: text("seal.approved"), date: dates.seal(entry.at))
        case "case.declined": Seal(.declined, text: text("seal.declined"), date: dates.seal(entry.at))
        default: nil
        }
    }

    /// Who has to move next, and by when.
    private var futureDecision: Rails.Station? {
        switch owned.state {
        case .submitted: owned.dueOn.map { Rails.Station(text("next.answer"), .future, when: dates.day($0)) }
        case .inReview, .awaitingSecond, .appealed:
            owned.dueOn.map { Rails.Station(text("next.decision"), .future, when: dates.day($0)) }
        case .infoNeeded:
            owned.question?.due.map { Rails.Station(text("next.your-answer"), .future, when: dates.day($0)) }
        case .counterOffered:
            owned.offerUntil.map { Rails.Station(text("next.your-answer"), .future, when: dates.day($0)) }
        case .draft, .approved, .declined, .withdrawn, .expired, .closed: nil
        }
    }

    private var money: [Rails.Station] {
        let held = text("held")
        let moved = moneyStations
        if !moved.isEmpty { return [Rails.Station(held, .past, when: dates.time(owned.submitted))] + moved }
        let released = Rails.Station(text("released"), .present, when: dates.time(owned.changed))
        switch owned.state {
        case .draft: return []
        case .submitted, .inReview, .infoNeeded, .counterOffered, .awaitingSecond, .appealed:
            return [
                Rails.Station(held, .present, when: dates.time(owned.submitted)), Rails.Station(text("send"), .future),
                Rails.Station(text("arrive"), .future),
            ]
        case .declined, .withdrawn, .expired:
            return [Rails.Station(held, .past, when: dates.time(owned.submitted)), released]
        case .approved: return [Rails.Station(held, .present, when: dates.time(owned.submitted))]
        case .closed: return [Rails.Station(held, .past, when: dates.time(owned.submitted)), released]
        }
    }

    /// One movement after the other; each but the first begins with why there is another one.
    private var moneyStations: [Rails.Station] {
        owned.movements.enumerated().flatMap { place, move in
            let stations = stations(move)
            guard place > 0 else { return stations }
            let why = move.corrects != nil ? "begun.correction" : move.isRerouted ? "begun.rerouted" : "begun.again"
            return [
                Rails.Station(text(why, ["amount": move.gross.text]), .past, when: dates.time(move.planned))
            ] + stations
        }
    }

    private func stations(_ move: OwnCase.MoneyMove) -> [Rails.Station] {
        let sent = move.sent.map { Rails.Station(text("sent"), .past, when: dates.time($0)) }
        let arrive = Rails.Station(text("arrive"), .future, when: move.expected.map(dates.span))
        let changed = dates.time(move.changed)
        switch move.state {
        case .planned, .ready:
            return [
                Rails.Station(text("ready"), .present, when: changed), Rails.Station(text("send"), .future), arrive,
            ]
        case .waitingFunds:
            return [
                Rails.Station(text("waiting-funds"), .present, when: changed, note: text("waiting-funds.note")),
                Rails.Station(text("send"), .future), arrive,
            ]
        case .sending: return [Rails.Station(text("sending"), .present, when: changed, note: checks(move)), arrive]
        case .unknown:
            return [
                Rails.Station(
                    text("unknown"), .present, when: changed,
                    note: [text("unknown.note"), checks(move)].compactMap(\.self).joined(separator: " ")), arrive,
            ]
        case .accepted, .atBank:
            let note = [move.overdue == nil ? nil : text("late.note"), checks(move)].compactMap(\.self)
            return [
                sent,
                Rails.Station(
                    text("at-bank"), .present, when: changed, note: note.isEmpty ? nil : note.joined(separator: " ")),
                arrive,
            ].compactMap(\.self)
        case .needsPayeeAction:
            return [
                sent, Rails.Station(text("needs-payee"), .present, when: changed, note: checks(move)), destination,
            ].compactMap(\.self)
        case .succeeded:
            return [sent, confirmed(move, .present, note: text("confirmed.note"))].compactMap(\.self)
        case .arrived:
            let arrived = Rails.Station(
                text("arrived"), .present, when: (move.arrived).map { dates.day($0) } ?? changed)
            return [sent, confirmed(move, .past), arrived].compactMap(\.self)
        case .failed:
            return [sent, Rails.Station(text("failed"), .back, when: changed, note: text("failed.note"))]
                .compactMap(\.self)
        case .returned, .rerouted, .givenBack, .unclaimed:
            let back = Rails.Station(
                text("returned"), .back, when: move.returned.map(dates.time) ?? changed, note: text("returned.note"))
            let told = move.settled.map { _ in confirmed(move, .past) }
            return [sent, told, back, afterReturn(move)].compactMap(\.self)
        case .givenOutside: return [Rails.Station(text(move.state.rawValue), .present, when: changed)]
        case .cancelled: return [Rails.Station(text("cancelled"), .past, when: changed)]
        }
    }

    private func confirmed(
        _ move: OwnCase.MoneyMove, _ place: Rails.Place, note: String? = nil
    ) -> Rails.Station {
        Rails.Station(
            text("confirmed", ["amount": move.gross.text]), place, when: dates.time(move.settled ?? move.changed),
            note: note)
    }

    /// What became of money that came back; nil where the next movement tells.
    private func afterReturn(_ move: OwnCase.MoneyMove) -> Rails.Station? {
        switch move.state {
        case .returned: destination
        case .givenBack, .unclaimed:
            Rails.Station(text(move.state.rawValue), .present, when: dates.time(move.changed))
        case .planned, .waitingFunds, .ready, .sending, .unknown, .accepted, .atBank, .needsPayeeAction, .succeeded,
            .arrived, .failed, .rerouted, .givenOutside, .cancelled:
            nil
        }
    }

    /// The account that is awaited, or is being checked.
    private var destination: Rails.Station {
        guard let named = owned.destinationNamed else { return Rails.Station(text("next.account"), .future) }
        return Rails.Station(text("next.account-check"), .future, when: dates.time(named))
    }

    /// When the bank was asked and will be asked again, with the zone.
    private func checks(_ move: OwnCase.MoneyMove) -> String? {
        let next = move.nextCheck.map(dates.time)
        guard let last = move.lastChecked.map(dates.time) else {
            return next.map { text("next-check", ["next": $0, "zone": dates.zoneName]) }
        }
        guard let next else { return text("last-check", ["last": last, "zone": dates.zoneName]) }
        return text("checks", ["last": last, "next": next, "zone": dates.zoneName])
    }

    /// The entries of the record that stand on the decision's track.
    static let decisions = [
        "case.submitted", "case.taken", "case.asked", "case.reminded", "case.answered", "case.offered",
        "offer.accepted", "offer.refused", "offer.lapsed", "case.escalated", "case.first-approved", "case.sent-back",
        "case.approved", "case.undone", "case.declined", "case.appealed", "case.expired", "case.withdrawn",
        "case.reopened", "case.revived", "case.paused", "case.resumed", "case.closed", "note.added", "proof.added",
    ]

    /// The entries of the record that tell where the money is.
    static let moves =
        ["movement.waiting-funds"] + Movement.State.allCases.map { "movement.\($0.rawValue)" } + [
            "movement.overdue", "movement.funds-late", "movement.corrected-down", "enquiry.wrong-amount",
            "enquiry.not-arrived", "enquiry.answered", "destination.named", "proof.judged",
        ]

    /// The entries of a case's record that its owner's pages leave out: what staff and machines do among themselves,
    /// and what another entry tells already.
    static let untold: Set<String> = [
        "case.begun", "case.changed", "payment.found", "movement.blocked", "movement.contradicted", "joint.proposed",
        "joint.confirmed", "joint.refused", "proof.opened", "proof.examined", "channel.asked", "bank.contacted",
        "difference.opened",
        "difference.fits", "difference.explained", "order.batched", "order.unbatched", "order.answered",
        "movement.held-back",
    ]

    static var words: [String] {
        (decisions + moves + [
            "decision", "money", "seal.approved", "seal.declined", "next.answer", "next.decision", "next.your-answer",
            "next.account", "next.account-check", "held", "released", "send", "sent", "arrive", "ready",
            "waiting-funds", "waiting-funds.note", "sending", "unknown", "unknown.note", "at-bank", "late.note",
            "needs-payee", "confirmed", "confirmed.note", "arrived", "failed", "failed.note", "cancelled", "returned",
            "returned.note", "given_back", "unclaimed", "given_outside", "next-check", "last-check", "checks",
            "begun.correction", "begun.rerouted", "begun.again",
        ]).map { "cardholder.rail.\($0)" }
    }
}

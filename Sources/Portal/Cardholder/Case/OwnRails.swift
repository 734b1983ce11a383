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
        let minor = ["approved_minor", "offered_minor", "asked_minor", "gross_minor"].compactMap { entry.facts[$0] }
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
        case .approved, .closed:
            return [Rails.Station(held, .past, when: dates.time(owned.submitted))] + owned.movements.flatMap(stations)
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
            return [sent, Rails.Station(text("at-bank"), .present, when: changed, note: checks(move)), arrive]
                .compactMap(\.self)
        case .needsPayeeAction:
            return [sent, Rails.Station(text("needs-payee"), .present, when: changed, note: checks(move))]
                .compactMap(\.self)
        case .succeeded, .arrived:
            let when = dates.time(move.settled ?? move.changed)
            return [
                sent,
                Rails.Station(
                    text("confirmed", ["amount": move.gross.text]), .present, when: when,
                    note: text("confirmed.note")),
            ].compactMap(\.self)
        case .failed:
            return [sent, Rails.Station(text("failed"), .back, when: changed, note: text("failed.note"))]
                .compactMap(\.self)
        case .returned, .rerouted, .givenBack, .unclaimed:
            return [sent, Rails.Station(text(move.state.rawValue), .back, when: changed)].compactMap(\.self)
        case .givenOutside: return [Rails.Station(text(move.state.rawValue), .present, when: changed)]
        case .cancelled: return [Rails.Station(text("cancelled"), .past, when: changed)]
        }
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
        "case.submitted", "case.taken", "case.asked", "case.answered", "case.offered", "offer.accepted",
        "offer.refused", "offer.lapsed", "case.approved", "case.declined", "case.withdrawn", "case.closed",
        "note.added", "proof.added",
    ]

    /// The entries of the record that tell where the money is.
    static let moves = [
        "movement.planned", "movement.ready", "movement.waiting-funds", "movement.sending", "movement.unknown",
        "movement.accepted", "movement.at_bank", "movement.needs_payee_action", "movement.succeeded",
        "movement.failed", "movement.cancelled", "movement.waiting_funds", "movement.arrived", "movement.returned",
        "movement.rerouted", "movement.given_back", "movement.given_outside", "movement.unclaimed",
    ]

    static var words: [String] {
        (decisions + moves + [
            "decision", "money", "seal.approved", "seal.declined", "next.answer", "next.decision", "next.your-answer",
            "held", "released", "send", "sent", "arrive", "ready", "waiting-funds", "waiting-funds.note", "sending",
            "unknown", "unknown.note", "at-bank", "needs-payee", "confirmed", "confirmed.note", "failed",
            "failed.note", "cancelled", "returned", "rerouted", "given_back", "unclaimed", "given_outside",
            "next-check", "last-check", "checks",
        ]).map { "cardholder.rail.\($0)" }
    }
}

import Messages
import RefundDesk
import RefundDomain
import Words

/// Sends the messages of the outbox: turns a row's values into finished text and hands it to the sender.
struct MessagePost: Sendable {
    let desk: Desk
    let writer: MessageWriter
    let sender: any MessageSender
    /// The address that people see, without a final slash.
    let publicURL: String

    /// Sends the message of a job.
    ///
    /// - Throws: ``MessageFault`` when it cannot be handed over; ``StoreFault``. The job is then put off by the caller.
    func deliver(_ job: Job) async throws {
        guard let outgoing = try await desk.outgoingMessage(job) else { return }
        // A worker that was stopped for longer leaves the message to the one that has the job now.
        guard desk.clock() < job.actBefore else { return }
        try await sender.send(writer.message(notice(outgoing)))
        try await desk.messageSent(job)
    }

    private func notice(_ message: OutgoingMessage) -> Notice {
        let language = Language(rawValue: message.language) ?? .standard
        return Notice(
            id: message.id, kind: message.kind.rawValue, language: language,
            medium: message.medium == .sms ? .sms : .email, to: message.to, values: values(message, language),
            writtenMilliseconds: message.written.milliseconds)
    }

    /// The finished values of a message's words: amounts with their sign, dates with their weekday, the link.
    private func values(_ message: OutgoingMessage, _ language: Language) -> [String: String] {
        var values = ["merchant": merchant(message, language), "number": message.caseNumber]
        for name in ["code", "text"] { values[name] = message.values[name] }
        let minor = ["gross_minor", "approved_minor", "offered_minor", "asked_minor"]
            .compactMap { message.values[$0] }.first.flatMap { Int64($0) }
        values["amount"] = minor.flatMap { Money(minor: $0, currency: message.currency) }?.text
        values["date"] = WorkingDays.Counted("due", in: message.values).map { date(of: $0, message, language) }
        switch message.kind {
        case .contactCode, .trackCode: break  // A code and a link that the code is to protect never travel together.
        case .submitted, .inReview, .infoNeeded, .counterOffered, .approved, .declined, .withdrawn, .note, .withBank,
            .confirmed, .waitingFunds, .moneyFailed, .payeeAction, .closed, .moneyReturned, .moneyRerouted,
            .moneyGivenBack, .moneyCorrected, .moneyOverpaid, .moneyReplaced, .paidOutside, .moneyLate, .fundsLate,
            .reminder, .expired, .appealed, .escalated, .reopened, .paused, .resumed:
            values["link"] = message.link.map { "\(publicURL)/t/\($0)" }
        }
        return values
    }

    /// A counted date is said to be one where not all holidays on the way were known.
    private func date(of counted: WorkingDays.Counted, _ message: OutgoingMessage, _ language: Language) -> String {
        let year = (Zone(message.zone) ?? .utc).day(desk.clock()).year
        let words = DateWords(language)
        let day = counted.day
        let text = words.day(
            year: day.year, month: day.month, day: day.day, weekday: day.weekday, currentYear: year)
        return counted.isExact ? text : words.about(text)
    }

    private func merchant(_ message: OutgoingMessage, _ language: Language) -> String {
        switch language {
        case .zhHans: message.merchantName
        case .en: message.merchantNameEnglish ?? message.merchantName
        }
    }
}

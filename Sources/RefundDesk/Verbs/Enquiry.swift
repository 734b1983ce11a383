public import RefundDomain
import Storage

extension Desk {
    /// The cardholder says that the money has not come: support asks the bank.
    ///
    /// - Throws: ``Refusal/notNow(state:)`` before the money is with the bank, once it arrived, and while the same
    ///   complaint waits for an answer; ``Refusal/stale(version:)``, ``Refusal/contactUnproved``.
    public func reportNotArrived(_ number: CaseNumber, version: Int64, visitor: String) async throws {
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            let movement = try paidLast(of: row, [.succeeded, .atBank], sql)
            try open(
                EnquiryTable.New(
                    id: id, kind: .notArrived, movementID: movement.id, expected: nil, details: nil),
                of: row, at: now, sql)
        }
    }

    /// The cardholder says that another amount should have come; the question stays with the case.
    ///
    /// - Parameter expected: what should have come, in the payment's currency.
    /// - Throws: ``Refusal/notNow(state:)`` before the bank has confirmed anything and while the same complaint waits
    ///   for an answer; ``Refusal/field(_:_:)``, ``Refusal/stale(version:)``, ``Refusal/contactUnproved``.
    public func reportWrongAmount(
        _ number: CaseNumber, expected: Money, details: String, version: Int64, visitor: String
    ) async throws {
        let words = details.trimmed
        try check(words, "details", TextLimits.detailsCharactersMax)
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            let row = try own(number, of: visitor, at: now, sql)
            try requireVersion(version, row)
            guard expected.currency == row.currency, expected.minor > 0 else {
                throw Refusal.field("expected", .unreadable)
            }
            let movement = try paidLast(of: row, [.succeeded, .arrived], sql)
            try open(
                EnquiryTable.New(
                    id: id, kind: .wrongAmount, movementID: movement.id, expected: expected,
                    details: words.isEmpty ? nil : words),
                of: row, at: now, sql)
        }
    }

    /// Answers a complaint in words that the cardholder is sent and sees on the case.
    ///
    /// - Throws: ``Refusal/notFound`` for somebody who does not see the case, and for a complaint that has an answer;
    ///   ``Refusal/notAllowed`` for roles that speak to nobody, ``Refusal/field(_:_:)``, ``Refusal/stale(version:)``.
    public func answerEnquiry(
        _ id: String, of number: CaseNumber, text: String, version: Int64, by staff: StaffMember
    ) async throws {
        let words = text.trimmed
        guard !words.isEmpty else { throw Refusal.field("answer", .missing) }
        try check(words, "answer", TextLimits.answerCharactersMax)
        let now = clock()
        let jobID = try newID()
        var message = try newMessage(.note)
        message.values = ["text": String(words.map { $0.isNewline ? " " : $0 })]
        let told = message
        try await store.write { sql in
            guard let row = try CaseTable.find(number: number, sql), row.state != .draft, staff.sees(row.merchantID)
            else { throw Refusal.notFound }
            guard staff.role.answersEnquiries else { throw Refusal.notAllowed }
            try requireVersion(version, row)
            guard try EnquiryTable.answer(id, words, of: row, by: staff, at: now, seals, sql) else {
                throw Refusal.notFound
            }
            try CaseTable.touch(row.id, at: now, sql)
            let event = NewEvent(
                stream: row.merchantID, actor: staff.actor, what: "enquiry.answered", object: "enquiry",
                objectID: id, caseID: row.id, version: row.version + 1, text: words)
            try EventTable.append(event, at: now, seals, sql)
            try tell(told, about: row, at: now, sql)
            if row.state == .approved, try !EnquiryTable.isOpen(ofCase: row.id, sql) {
                try closeLater(row, jobID: jobID, at: now, sql)
            }
        }
    }

    /// The newest movement that can be complained about.
    private func paidLast(
        of row: CaseRow, _ states: Set<Movement.State>, _ sql: any SQLReading
    ) throws -> MovementRow {
        guard let movement = try MovementTable.list(ofCase: row.id, sql).last(where: { states.contains($0.state) })
        else { throw Refusal.notNow(state: row.state) }
        return movement
    }

    private func open(
        _ enquiry: EnquiryTable.New, of row: CaseRow, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        guard try !EnquiryTable.isOpen(enquiry.kind, ofCase: row.id, sql) else {
            throw Refusal.notNow(state: row.state)
        }
        try EnquiryTable.insert(enquiry, of: row, at: now, seals, sql)
        try CaseTable.touch(row.id, at: now, sql)
        var facts = ["currency": row.currency.code]
        if let expected = enquiry.expected { facts["expected_minor"] = String(expected.minor) }
        let event = NewEvent(
            stream: row.merchantID, actor: .cardholder, what: "enquiry.\(enquiry.kind.rawValue)", object: "enquiry",
            objectID: enquiry.id, caseID: row.id, version: row.version + 1, facts: facts, text: enquiry.details)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// The case closed not while the complaint was open, so its closing is planned anew.
    private func closeLater(_ row: CaseRow, jobID: String, at now: Moment, _ sql: any SQLTransaction) throws {
        let zone = try zone(of: row.merchantID, sql)
        let closeOn = try calendar(sql).adding(policy.closeWorkingDays, to: zone.day(now)).day
        guard let midnight = LocalTime(day: closeOn, hour: 0, minute: 0, second: 0) else { return }
        try OutboxTable.add(
            .closeCase, id: jobID, caseID: row.id, notBefore: zone.moment(midnight), at: now, sql)
    }
}

extension Role {
    /// Whether people of this role answer what cardholders complain about.
    public var answersEnquiries: Bool {
        switch self {
        case .support, .finance, .operatorReviewer, .reviewer, .approver: true
        case .clerk, .merchantAdmin, .operatorAdmin: false
        }
    }
}

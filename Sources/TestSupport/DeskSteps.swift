public import RefundDesk
public import RefundDomain
public import Storage

extension DeskWorld {
    // MARK: Cardholder

    /// Looks a payment up by its wallet number; the session that knows it.
    public func find(_ paid: Paid, visitor: String? = nil, onBehalf behalf: OnBehalf? = nil) async throws -> String {
        let finding = try await desk.find(
            .order(paid.transaction), amountText: paid.amount.decimal, visitor: visitor, address: "203.0.113.7",
            language: "en", onBehalf: behalf)
        guard case .found(let session) = finding else { throw Refusal.notFound }
        return session
    }

    /// A draft with everything done but the sending; each has a contact of its own.
    public func draft(
        of paid: Paid, asking minor: Int64?, email: String? = nil, onBehalf behalf: OnBehalf? = nil
    ) async throws -> String {
        let visitor = try await find(paid, onBehalf: behalf)
        try await desk.chooseReason(.notReceived, details: "never came", visitor: visitor)
        try await desk.chooseAmount(minor.map(Money.fen), visitor: visitor)
        try await desk.giveContact(
            name: "Zhang Wei", email: email ?? "person\(counter.next)@example.com", phone: "", visitor: visitor)
        try await desk.proveContact(code: try await code(ofDraft: visitor), visitor: visitor)
        return visitor
    }

    /// A case that was sent.
    public func filed(_ paid: Paid, asking minor: Int64?, email: String? = nil) async throws -> Filed {
        let visitor = try await draft(of: paid, asking: minor, email: email)
        let number = try await desk.fileCase(
            submission: "submission-of-test-\(counter.next)", termsAccepted: true, visitor: visitor)
        return Filed(number: number, visitor: visitor, paymentID: paid.id)
    }

    /// The number that the draft of a session has already.
    public func number(ofDraft visitor: String) async throws -> CaseNumber {
        guard let id = try await desk.draft(of: visitor)?.caseID else { throw Refusal.notFound }
        return try CaseNumber.parse(
            try await text("SELECT number AS value FROM refund_case WHERE id = $1", [.text(id)]))
    }

    /// The newest code sent for the draft of a session.
    public func code(ofDraft visitor: String) async throws -> String {
        guard let id = try await desk.draft(of: visitor)?.caseID else { throw Refusal.notFound }
        return try await newestCode(ofCase: id)
    }

    /// The newest code sent for a case.
    public func code(of number: CaseNumber) async throws -> String {
        try await newestCode(
            ofCase: try await text("SELECT id AS value FROM refund_case WHERE number = $1", [.text(number.text)]))
    }

    private func newestCode(ofCase id: String) async throws -> String {
        let seals = Seals(keys: keys)
        let tenant = merchantID
        return try await store.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT   id, values_sealed
                    FROM     message
                    WHERE    case_id = $1
                    AND      kind IN ('contact-code', 'track-code')
                    ORDER BY created_ms DESC, id DESC
                    LIMIT    1
                    """, [.text(id)])
            else { throw Refusal.notFound }
            let place = SealPlace("message", "values_sealed", row: try row.text("id"), tenant: tenant, .contact)
            let values = try seals.openText(try row.bytesOrNil("values_sealed"), place, sql) ?? ""
            guard let code = eventFacts(values)["code"] else { throw Refusal.notFound }
            return code
        }
    }

    // MARK: Staff

    /// A case that the reviewer took.
    public func taken(_ paid: Paid, asking minor: Int64?) async throws -> Filed {
        let filed = try await filed(paid, asking: minor)
        try await desk.take(filed.number, version: try await version(filed.number), by: reviewer)
        return filed
    }

    /// A case with an offer.
    public func offered(_ paid: Paid, asking minor: Int64?, offer: Int64) async throws -> Filed {
        let filed = try await filed(paid, asking: minor)
        try await desk.offer(
            filed.number, amount: .fen(offer), reason: .goodsUsed, explanation: "Part of it was used already.",
            version: try await version(filed.number), by: reviewer)
        return filed
    }

    /// A case that waits for an answer.
    public func asked(_ paid: Paid, asking minor: Int64?) async throws -> Filed {
        let filed = try await filed(paid, asking: minor)
        try await desk.ask(
            filed.number, items: [.receipt], question: "Please show us the receipt.", dueOn: nil,
            version: try await version(filed.number), by: reviewer)
        return filed
    }

    /// Says yes to a case.
    public func approve(_ number: CaseNumber, _ minor: Int64, by staff: StaffMember? = nil) async throws {
        try await desk.approve(
            number, amount: .fen(minor), checks: Set(Check.allCases), note: "", version: try await version(number),
            by: staff ?? approver)
    }

    /// A case whose money is planned and ready.
    public func approved(_ paid: Paid, asking minor: Int64?) async throws -> Filed {
        let filed = try await filed(paid, asking: minor)
        try await approve(filed.number, minor ?? paid.amount.minor)
        return filed
    }

    // MARK: Worker

    /// The next job of a kind for a case, claimed; others are let go, messages count as sent.
    public func job(_ kind: JobKind, of number: CaseNumber) async throws -> Job {
        let caseID = try await text("SELECT id AS value FROM refund_case WHERE number = $1", [.text(number.text)])
        while let job = try await desk.claimJob() {
            if job.kind == kind, job.caseID == caseID {
                try await desk.freeLeases()
                return job
            }
            if job.kind == .sendMessage { try await desk.messageSent(job) }
        }
        try await desk.freeLeases()
        throw Refusal.notFound
    }

    /// When the next job can be claimed; nil when there is none.
    public func nextJobDue() async throws -> Moment? {
        try await store.read { sql in
            try sql.row(
                """
                SELECT MIN(CASE WHEN lease_until_ms > not_before_ms THEN lease_until_ms ELSE not_before_ms END)
                       AS due_ms
                FROM   outbox
                WHERE  done_ms IS NULL
                AND    kind <> 'examine-proof'
                """
            )?.intOrNil("due_ms").map { Moment(milliseconds: $0) }
        }
    }

    /// Takes the case's movement for sending, waiting out the gap between two refunds of a payment.
    public func sent(_ filed: Filed) async throws -> Sending {
        for _ in 0..<3 {
            let job = try await job(.sendMovement, of: filed.number)
            if let sending = try await desk.beginSend(job, noticeAddress: { _, name in "https://example.com/\(name)" })
            {
                return sending
            }
            clock.advance(seconds: 61)
        }
        throw Refusal.notFound
    }

    /// What a channel might say; final words are signed and name the amount unless said otherwise.
    public func answer(
        _ verdict: ChannelVerdict, _ minor: Int64? = nil, verified: Bool = true, code: String = "CODE"
    ) -> ChannelAnswer {
        ChannelAnswer(
            verdict: verdict, code: code, channelRefundNumber: "5030", destinationText: "零钱", verified: verified,
            amount: minor.map(Money.fen))
    }

    // MARK: Looking

    /// The case's version now.
    public func version(_ number: CaseNumber) async throws -> Int64 {
        try await int("SELECT version AS value FROM refund_case WHERE number = $1", [.text(number.text)])
    }

    /// The case's state now.
    public func state(_ number: CaseNumber) async throws -> RefundCase.State? {
        RefundCase.State(
            rawValue: try await text("SELECT state AS value FROM refund_case WHERE number = $1", [.text(number.text)]))
    }

    /// The state of the case's newest movement; nil when it has none.
    public func movementState(_ number: CaseNumber) async throws -> Movement.State? {
        try await store.read { sql in
            try sql.row(
                """
                SELECT   movement.state
                FROM     movement
                JOIN     refund_case
                ON       refund_case.id = movement.case_id
                WHERE    refund_case.number = $1
                ORDER BY movement.sequence DESC, movement.id
                LIMIT    1
                """, [.text(number.text)]
            ).flatMap { Movement.State(rawValue: try $0.text("state")) }
        }
    }

    /// The merchant's balances in fen: available, held, in flight, settlement, fee.
    public func books() async throws -> [Int64] {
        let accounts: [Account] = [
            .merchantAvailable, .merchantHeld, .refundInFlight, .channelSettlement, .feeIncome,
        ]
        let merchant = merchantID
        return try await store.read { sql in
            try accounts.map { account in
                try sql.row(
                    "SELECT balance_minor FROM balance WHERE merchant_id = $1 AND account = $2",
                    [.text(merchant), .text(account.rawValue)])?.int("balance_minor") ?? 0
            }
        }
    }

    /// One number that a statement names `value`.
    public func int(_ sql: String, _ values: [SQLValue] = []) async throws -> Int64 {
        try await store.read { reading in
            guard let row = try reading.row(sql, values) else { throw Refusal.notFound }
            return try row.int("value")
        }
    }

    /// One text that a statement names `value`.
    public func text(_ sql: String, _ values: [SQLValue] = []) async throws -> String {
        try await store.read { reading in
            guard let row = try reading.row(sql, values) else { throw Refusal.notFound }
            return try row.text("value")
        }
    }
}

extension DeskWorld {
    /// The address that a case was filed with.
    public func email(of number: CaseNumber) async throws -> String {
        let seals = Seals(keys: keys)
        let tenant = merchantID
        return try await store.read { sql in
            guard
                let row = try sql.row(
                    "SELECT id, email_sealed FROM refund_case WHERE number = $1", [.text(number.text)])
            else { throw Refusal.notFound }
            let place = SealPlace("refund_case", "email_sealed", row: try row.text("id"), tenant: tenant, .contact)
            return try seals.openText(try row.bytesOrNil("email_sealed"), place, sql) ?? ""
        }
    }
}

public import RefundDomain
public import Storage

extension RefundAbilities {
    /// The rows that apply, for the record: `unionpay/Lakala/smart, unionpay`; nil where only the program's own does.
    var scopesText: String? {
        let texts = scopes.map { scope in
            [scope.channel.rawValue, scope.acquirer?.name, scope.family?.rawValue].compactMap(\.self)
                .joined(separator: "/")
        }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
}

extension Desk {
    /// Stores what refunds can do, all rows or none, in the place of all that were loaded before. For the channels that
    /// it names it takes the place of the program's own file; requests that were sent before keep their figures.
    ///
    /// - Returns: false when the very same rows were loaded before; nothing is written then.
    @discardableResult
    public func loadCapabilities(_ capabilities: Capabilities) async throws -> Bool {
        let now = clock()
        let digest = CapabilityTable.digest(capabilities.rows)
        let channels = Set(capabilities.rows.map(\.scope.channel.rawValue)).sorted().joined(separator: " ")
        return try await store.write { sql in
            try EventTable.hold(SealPlace.operatorTenant, sql)
            guard CapabilityTable.digest(try CapabilityTable.all(sql)) != digest else { return false }
            try CapabilityTable.put(capabilities.rows, at: now, sql)
            let event = NewEvent(
                stream: SealPlace.operatorTenant, actor: .system, what: "capabilities.loaded",
                object: "capabilities", objectID: "loaded",
                facts: ["channels": channels, "rows": String(capabilities.rows.count), "digest": digest],
                visibility: .internal)
            try EventTable.append(event, at: now, seals, sql)
            return true
        }
    }

    /// The rows that were loaded, by channel, acquirer and family.
    public func loadedCapabilities() async throws -> [CapabilityRow] {
        try await store.read { sql in try CapabilityTable.all(sql) }
    }

    /// What refunds of a payment made there can do, as it is loaded now, else by the program's own file.
    ///
    /// It is read in the transaction that decides by it, because another process may have loaded rows a moment ago.
    ///
    /// - Returns: nil where this portal has no client of the channel.
    public func abilities(of origin: PaymentOrigin, _ sql: any SQLReading) throws -> RefundAbilities? {
        let loaded = try CapabilityTable.rows(of: origin.channel, sql)
        return (loaded.isEmpty ? capabilities : Capabilities(rows: loaded)).abilities(of: origin)
    }

    /// What refunds of the payment with an id can do, for pages.
    public func abilities(ofPayment id: String, _ sql: any SQLReading) throws -> RefundAbilities? {
        try PaymentTable.find(id, sql).flatMap { try abilities(of: $0, sql) }
    }

    /// What refunds of a payment can do.
    func abilities(of payment: PaymentRow, _ sql: any SQLReading) throws -> RefundAbilities? {
        try payment.origin.flatMap { try abilities(of: $0, sql) }
    }

    /// Refuses to promise what cannot be sent: a part where it is all or nothing, or less than the least.
    ///
    /// - Parameter amount: the new total; what an earlier decision granted goes by a refund of its own.
    /// - Throws: ``Refusal/ineligible(_:)``.
    func requireAble(_ amount: Money, of row: CaseRow, _ sql: any SQLReading) throws {
        guard let payment = try PaymentTable.find(row.paymentID, sql),
            let refund = row.approved.map({ amount.subtracting($0) }) ?? amount, refund.minor > 0,
            let why = try abilities(of: payment, sql)?.refusal(of: refund, captured: payment.amount)
        else { return }
        throw Refusal.ineligible(why)
    }
}

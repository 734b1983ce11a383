public import RefundDomain
import Storage
import Vault

/// How much a batch may be.
public enum PayoutLimits {
    /// Orders of one batch: a page and a bank's form still show them at once, and one transaction ends them.
    public static let itemsMax: Int64 = 200
    /// Refunds of an account that are looked at for the next batch.
    static let waitingMax: Int64 = 1000
    /// Lines of a bank's file that are kept.
    public static let answerLinesMax = 1000
    /// Bytes of a bank's file.
    public static let answerBytesMax = 1_048_576
}

extension Desk {
    /// Puts together what waits longest of an account that people pay; nothing moves until somebody else releases it.
    ///
    /// A movement is in one batch at a time; the database sees to it.
    ///
    /// - Returns: the batch's id.
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed``, ``Refusal/field(_:_:)`` for `account` when nothing
    ///   waits.
    public func makeBatch(
        ofAccount accountID: String, currency: Currency, by staff: StaffMember
    ) async throws -> String {
        let now = clock()
        let id = try newID()
        let chosen = Hex.encode(try chance.bytes(4)).uppercased()
        let itemIDs = try (0..<PayoutLimits.itemsMax).map { _ in try newID() }
        try await store.write { sql in
            guard let merchantID = try batchMerchant(accountID, sql), staff.sees(merchantID) else {
                throw Refusal.notFound
            }
            guard staff.role.makesBatches else { throw Refusal.notAllowed }
            try EventTable.hold(merchantID, sql)
            let movements = try PayoutTable.waiting(of: accountID, sql).filter { $0.gross.currency == currency }
                .prefix(Int(PayoutLimits.itemsMax)).compactMap { try MovementTable.find($0.id, sql) }
            guard !movements.isEmpty else { throw Refusal.field("account", .notOffered) }
            let day = try zone(of: merchantID, sql).day(now).iso.filter { $0 != "-" }
            let batch = PayoutBatch(
                id: id, number: "B\(day)-\(chosen)", merchantID: merchantID, accountID: accountID,
                count: Int64(movements.count), total: try PayoutTable.total(movements.map(\.gross), currency),
                madeBy: staff.id, made: now, state: .made, decidedBy: nil, decided: nil)
            try PayoutTable.insert(batch, sql)
            try recordBatch("batch.made", batch, by: staff, at: now, sql)
            for (index, (movement, itemID)) in zip(movements, itemIDs).enumerated() {
                try PayoutTable.insert(movement, id: itemID, line: index + 1, in: batch, sql)
                try recordOrder(
                    "order.batched", itemID, ofCase: movement.caseID, batch, by: staff, at: now, sql)
            }
        }
        return id
    }

    /// Gives up what was not released; its orders wait for another batch.
    ///
    /// - Throws: ``Refusal/notFound``, ``Refusal/notAllowed``, ``Refusal/stale(version:)`` when it was decided already.
    public func discardBatch(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let batch = try batch(id, for: staff, sql)
            guard staff.role.releasesBatches else { throw Refusal.notAllowed }
            try EventTable.hold(batch.merchantID, sql)
            guard try PayoutTable.decide(id, .discarded, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: 0)
            }
            for item in try PayoutTable.items(of: id, sql) {
                try PayoutTable.drop(item, at: now, sql)
                try recordOrder("order.unbatched", item.id, ofCase: item.caseID, batch, by: staff, at: now, sql)
            }
            try recordBatch("batch.discarded", batch, by: staff, at: now, sql)
        }
    }

    /// A batch that the person may see.
    func batch(_ id: String, for staff: StaffMember, _ sql: any SQLReading) throws -> PayoutBatch {
        guard let batch = try PayoutTable.find(id, sql), staff.role.releasesBatches, staff.sees(batch.merchantID) else {
            throw Refusal.notFound
        }
        return batch
    }

    func recordBatch(
        _ what: String, _ batch: PayoutBatch, _ more: [String: String] = [:], by staff: StaffMember, at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let facts = [
            "batch": batch.number, "count": String(batch.count), "total_minor": String(batch.total.minor),
            "currency": batch.total.currency.code,
        ]
        let event = NewEvent(
            stream: batch.merchantID, actor: staff.actor, what: what, object: "batch", objectID: batch.id,
            facts: facts.merging(more) { $1 }, visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// What happened to an order, in the record of its case.
    func recordOrder(
        _ what: String, _ itemID: String, ofCase caseID: String, _ batch: PayoutBatch, _ more: [String: String] = [:],
        by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: batch.merchantID, actor: staff.actor, what: what, object: "order", objectID: itemID,
            caseID: caseID, facts: ["batch": batch.number].merging(more) { $1 }, visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// Whose account it is, when people pay it.
    private func batchMerchant(_ accountID: String, _ sql: any SQLReading) throws -> String? {
        guard
            let row = try sql.row(
                "SELECT merchant_id, channel FROM channel_account WHERE id = $1", [.text(accountID)]),
            try (row.wordOrNil("channel") as Channel?)?.isPaidInBatches == true
        else { return nil }
        return try row.text("merchant_id")
    }
}

extension Role {
    /// Whether people of this role put batches together, take their files and bring the banks' files.
    public var makesBatches: Bool { self == .finance }

    /// Whether people of this role release batches and confirm banks' files that others of them made and brought.
    public var releasesBatches: Bool {
        switch self {
        case .finance, .operatorReviewer: true
        case .clerk, .reviewer, .approver, .merchantAdmin, .support, .operatorAdmin: false
        }
    }
}

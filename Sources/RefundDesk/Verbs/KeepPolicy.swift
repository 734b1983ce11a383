public import RefundDomain
import Storage

/// How far ahead a policy may be dated.
public enum PolicyLimits {
    public static let daysAheadMax: Int64 = 366
}

/// A merchant's policy is changed by two people: one proposes the rules, another one confirms them. Open cases keep the
/// version that they were submitted under.
extension Desk {
    /// Proposes rules for everything that is asked of a merchant from a day on.
    ///
    /// - Parameters:
    ///   - policy: the whole rules; their version does not matter.
    ///   - from: a day after today on the merchant's clock, so that nothing changes for what was asked already.
    ///   - newest: the newest version's number that the person saw; 0 when there was none.
    /// - Returns: the proposal's id.
    /// - Throws: ``Refusal/notAllowed``, ``Refusal/notFound`` for another merchant's, ``Refusal/stale(version:)`` when
    ///   there is a newer version, ``Refusal/field(_:_:)``: `from`, or `rules` when they change nothing.
    public func proposePolicy(
        _ policy: Policy, for merchantID: String, from: Day, after newest: Int64, by staff: StaffMember
    ) async throws -> String {
        let now = clock()
        let id = try newID()
        try await store.write { sql in
            try requireKeeper(staff, of: merchantID, sql)
            try EventTable.hold(merchantID, sql)
            let number = try PolicyTable.newest(merchantID, sql)
            guard number == newest else { throw Refusal.stale(version: number) }
            try requireAhead(from, of: merchantID, at: now, sql)
            let before = try self.policy(of: merchantID, on: from, sql)
            guard !policy.differences(from: before).isEmpty else { throw Refusal.field("rules", .missing) }
            try PolicyTable.insert(
                id, merchantID, number: number + 1, policy, from: from, by: staff.id, at: now, sql)
            try record(
                "policy.proposed", id, merchantID, number: number + 1, from: from, policy, before: before, by: staff,
                at: now, sql)
        }
        return id
    }

    /// Confirms what somebody else proposed: it is in force from its day on.
    ///
    /// - Throws: ``Refusal/notAllowed``, ``Refusal/notFound``, ``Refusal/makerMayNotDecide`` for the proposer,
    ///   ``Refusal/stale(version:)`` when it was decided already or there is a newer version,
    ///   ``Refusal/field(_:_:)`` `from` when its day has come meanwhile.
    public func confirmPolicy(_ id: String, by staff: StaffMember) async throws {
        let now = clock()
        try await store.write { sql in
            let (merchantID, version) = try proposal(id, for: staff, sql)
            let newest = try PolicyTable.newest(merchantID, sql)
            guard version.number == newest else { throw Refusal.stale(version: newest) }
            try requireAhead(version.from, of: merchantID, at: now, sql)
            let before = try policy(of: merchantID, on: version.from, sql)
            guard try PolicyTable.decide(id, .confirmed, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: newest)
            }
            try record(
                "policy.confirmed", id, merchantID, number: version.number, from: version.from, version.policy,
                before: before, by: staff, at: now, sql)
        }
    }

    /// Refuses what somebody else proposed; the reason stays in the record.
    ///
    /// - Throws: as ``confirmPolicy(_:by:)``; ``Refusal/field(_:_:)`` for `reason`.
    public func refusePolicy(_ id: String, reason: String, by staff: StaffMember) async throws {
        let text = reason.trimmed
        guard !text.isEmpty else { throw Refusal.field("reason", .missing) }
        try check(text, "reason", TextLimits.detailsCharactersMax)
        let now = clock()
        try await store.write { sql in
            let (merchantID, version) = try proposal(id, for: staff, sql)
            guard try PolicyTable.decide(id, .refused, by: staff.id, at: now, sql) else {
                throw Refusal.stale(version: version.number)
            }
            let event = NewEvent(
                stream: merchantID, actor: staff.actor, what: "policy.refused", object: "policy", objectID: id,
                facts: ["version": version.policy.version], visibility: .internal, text: text)
            try EventTable.append(event, at: now, seals, sql)
        }
    }

    /// The proposal that somebody else made, for one who may decide it.
    private func proposal(
        _ id: String, for staff: StaffMember, _ sql: any SQLTransaction
    ) throws -> (merchantID: String, version: PolicyVersion) {
        guard let (merchantID, seen) = try PolicyTable.find(id, sql) else { throw Refusal.notFound }
        try requireKeeper(staff, of: merchantID, sql)
        try EventTable.hold(merchantID, sql)
        guard seen.proposedBy != staff.id else { throw Refusal.makerMayNotDecide }
        guard seen.state == .proposed else { throw Refusal.stale(version: seen.number) }
        return (merchantID, seen)
    }

    /// Policies are kept by the merchant's own admins and by the operator's finance desk.
    private func requireKeeper(_ staff: StaffMember, of merchantID: String, _ sql: any SQLReading) throws {
        let isThere = try sql.row("SELECT id FROM merchant WHERE id = $1", [.text(merchantID)]) != nil
        if !isThere || (staff.role.isOfMerchant && staff.merchantID != merchantID) { throw Refusal.notFound }
        guard staff.role.keepsPolicies else { throw Refusal.notAllowed }
    }

    /// Never today and never before: what people were shown today stays true today.
    private func requireAhead(
        _ from: Day, of merchantID: String, at now: Moment, _ sql: any SQLReading
    ) throws {
        let today = try today(merchantID, now, sql)
        guard from > today, from <= today.adding(days: PolicyLimits.daysAheadMax) else {
            throw Refusal.field("from", .notOffered)
        }
    }

    /// Writes down which rules change, from what to what.
    private func record(
        _ what: String, _ id: String, _ merchantID: String, number: Int64, from: Day, _ policy: Policy,
        before: Policy, by staff: StaffMember, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        var facts = ["number": String(number), "from_on": from.iso, "replaces": before.version]
        for key in policy.differences(from: before) {
            facts["before.\(key)"] = before.values[key]
            facts["after.\(key)"] = policy.values[key]
        }
        let event = NewEvent(
            stream: merchantID, actor: staff.actor, what: what, object: "policy", objectID: id, facts: facts,
            visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }
}

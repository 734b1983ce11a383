import RefundDomain
import Storage
import Vault

extension Desk {
    /// Every event hashes over the one before it and over its own fields, and the head names the last one.
    func verifyChain(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var heads: [String: (number: Int64, hash: [UInt8])] = [:]
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   stream, number, at_ms, actor, actor_id, role, what, transition, object, object_id, case_id,
                     version, facts, visibility, text_sealed, text_digest, previous_hash, hash
            FROM     event
            ORDER BY stream, number
            """
        ) { row in
            let stream = try row.text("stream")
            let number = try row.int("number")
            let head = heads[stream] ?? (0, EventTable.firstHash)
            let hash = EventTable.hash(of: try fields(row), after: head.hash)
            if number != head.number + 1 {
                found.append(Fault(check: "audit-chain", object: "\(stream)/\(number)", detail: "gap before it"))
            }
            if try row.bytes("previous_hash") != head.hash || row.bytes("hash") != hash {
                found.append(Fault(check: "audit-chain", object: "\(stream)/\(number)", detail: "hash differs"))
            }
            if try isTextChanged(row, stream: stream, number: number, sql) {
                found.append(Fault(check: "audit-text", object: "\(stream)/\(number)", detail: "text differs"))
            }
            heads[stream] = (number, try row.bytes("hash"))
        }
        try verifyHeads(heads, sql, &found)
        faults += found
    }

    /// Every merchant has a stream, and each stream ends where its keyed head says.
    private func verifyHeads(
        _ last: [String: (number: Int64, hash: [UInt8])], _ sql: any SQLReading, _ found: inout [Fault]
    ) throws {
        var heads: Set<String> = []
        var faults: [Fault] = []
        try sql.each("SELECT stream, number, hash, mac FROM stream_head ORDER BY stream") { row in
            let stream = try row.text("stream")
            let number = try row.int("number")
            let hash = try row.bytes("hash")
            let end = last[stream] ?? (0, EventTable.firstHash)
            if end.number != number || end.hash != hash {
                faults.append(Fault(check: "audit-chain", object: stream, detail: "the end is missing"))
            }
            if try row.bytes("mac") != EventTable.headMAC(stream, number, hash, keys) {
                faults.append(Fault(check: "audit-chain", object: stream, detail: "the head is not ours"))
            }
            heads.insert(stream)
        }
        let merchants = try sql.rows("SELECT id FROM merchant ORDER BY id LIMIT 100000")
        for stream in Set(try merchants.map { try $0.text("id") }).union(last.keys).sorted()
        where !heads.contains(stream) {
            faults.append(Fault(check: "audit-chain", object: stream, detail: "the head is missing"))
        }
        found += faults
    }

    private func fields(_ row: SQLRow) throws -> [String] {
        [
            try row.text("stream"), String(try row.int("number")), String(try row.int("at_ms")),
            try row.text("actor"), try row.textOrNil("actor_id") ?? "", try row.textOrNil("role") ?? "",
            try row.text("what"), try row.textOrNil("transition") ?? "", try row.text("object"),
            try row.text("object_id"), try row.textOrNil("case_id") ?? "",
            try row.intOrNil("version").map { String($0) } ?? "", try row.text("facts"),
            try row.text("visibility"), try row.bytesOrNil("text_digest").map { Hex.encode($0) } ?? "",
        ]
    }

    private func isTextChanged(
        _ row: SQLRow, stream: String, number: Int64, _ sql: any SQLReading
    ) throws -> Bool {
        // A text may be erased; its digest stays in the chain.
        guard let sealed = try row.bytesOrNil("text_sealed") else { return false }
        guard let digest = try row.bytesOrNil("text_digest") else { return true }
        let place = SealPlace("event", "text", row: "\(stream)/\(number)", tenant: stream, .words)
        guard let text = try? seals.openText(sealed, place, sql) else { return true }
        return keys.textDigest(text, salt: "\(stream)/\(number)") != digest
    }

    /// Every case came to its state by rows of the table, each in the record once (8).
    func verifyCaseRecords(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var walk = RecordWalk<RefundCase.State>()
        try sql.each(
            """
            SELECT   refund_case.id, refund_case.number, refund_case.state, event.transition, event.facts
            FROM     refund_case
            LEFT JOIN event
            ON       event.object_id = refund_case.id
            AND      event.object = 'case'
            AND      event.transition IS NOT NULL
            ORDER BY refund_case.id, event.number
            """
        ) { row in
            walk.begin(try row.text("id"), name: try row.text("number"), state: try row.text("state"))
            guard let id = try row.textOrNil("transition") else { return }
            // R10 leads to one of two states, and the record says which.
            let to = eventFacts(try row.text("facts"))["to"]
            let step = RefundCase.transitions.first {
                $0.id == id && $0.from == walk.current && (to == nil || to == $0.to.rawValue)
            }
            walk.go(id, to: step?.to)
        }
        faults += walk.end()
    }

    /// Every movement came to its state by rows of the table, was sent as often as the record says, and is still for
    /// the amount and under the number that it was planned with (3, 8).
    func verifyMovementRecords(_ sql: any SQLReading, _ faults: inout [Fault]) throws {
        var walk = RecordWalk<Movement.State>()
        var found: [Fault] = []
        try sql.each(
            """
            SELECT   movement.id, movement.state, movement.gross_minor, movement.fee_given_back_minor,
                     movement.refund_number, movement.currency, movement.taken_minor, movement.cost_minor,
                     movement.cost_currency, movement.handling_fee_minor, movement.fee_bearer, movement.source,
                     movement.route, movement.replaces_id, movement.corrects_id, movement.exchange_rate,
                     movement.exchange_spent_minor, event.transition, event.what, event.facts
            FROM     movement
            LEFT JOIN event
            ON       event.object_id = movement.id
            AND      event.object = 'movement'
            AND      event.transition IS NOT NULL
            ORDER BY movement.id, event.number
            """
        ) { row in
            let movement = try row.text("id")
            walk.begin(movement, name: movement, state: try row.text("state"))
            guard let id = try row.textOrNil("transition") else { return }
            let word = try row.text("what").dropFirst("movement.".count)
            let to = Movement.State(rawValue: String(word.map { $0 == "-" ? "_" : $0 }))
            let step = Movement.transitions.first { $0.id == id && $0.from == walk.current && $0.to == to }
            walk.go(id, to: step?.to)
            if step?.from == nil, try !isAsPlanned(row) {
                found.append(Fault(check: "movement-fixed", object: movement, detail: "not as it was planned"))
            }
        }
        faults += walk.end() + found
        try verifyRows(
            sql, &faults, check: "transition-record",
            """
            SELECT   movement.id AS object, movement.attempts AS kept,
                     (SELECT COUNT(*)
                      FROM   event
                      WHERE  event.object_id = movement.id
                      AND    event.transition = 'M6')
                     AS counted
            FROM     movement
            ORDER BY movement.id
            """)
    }

    /// Whether a movement's figures, number and links are those it was planned with.
    private func isAsPlanned(_ row: SQLRow) throws -> Bool {
        let planned = try eventFacts(row.text("facts"))
        var now = [
            "gross_minor": String(try row.int("gross_minor")), "currency": try row.text("currency"),
            "fee_given_back_minor": String(try row.int("fee_given_back_minor")),
            "refund_number": try row.text("refund_number"),
        ]
        // Records of the first version have these four and no more.
        guard planned["taken_minor"] != nil else { return now.allSatisfy { planned[$0.key] == $0.value } }
        let figures = ["taken_minor", "cost_minor", "handling_fee_minor", "exchange_spent_minor"]
        let words = ["cost_currency", "fee_bearer", "source", "route", "replaces_id", "corrects_id", "exchange_rate"]
        for column in figures { now[column] = try row.intOrNil(column).map { String($0) } }
        for column in words { now[column] = try row.textOrNil(column) }
        return (figures + words).allSatisfy { planned[$0] == now[$0] }
            && now.allSatisfy { planned[$0.key] == $0.value }
    }
}

/// Walks the record of one thing after the other and compares where it ends with the row.
private struct RecordWalk<State: RawRepresentable & Equatable> where State.RawValue == String {
    private(set) var current: State?
    private var id: String?
    private var name = ""
    private var state = ""
    private var faults: [Fault] = []

    mutating func begin(_ id: String, name: String, state: String) {
        guard id != self.id else { return }
        finish()
        (self.id, self.name, self.state, current) = (id, name, state, nil)
    }

    mutating func go(_ transition: String, to next: State?) {
        guard let next else {
            let detail = "\(transition) from \(current?.rawValue ?? "nothing") is not in the table"
            faults.append(Fault(check: "transition-record", object: name, detail: detail))
            return
        }
        current = next
    }

    mutating func end() -> [Fault] {
        finish()
        return Array(faults.prefix(Desk.verifyFaultsMax))
    }

    private mutating func finish() {
        guard id != nil, current?.rawValue != state else { return }
        let detail = "the record ends in \(current?.rawValue ?? "nothing"), the row says \(state)"
        faults.append(Fault(check: "transition-record", object: name, detail: detail))
    }
}

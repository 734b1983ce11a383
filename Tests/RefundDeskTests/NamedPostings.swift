import RefundDomain
import Storage
import TestSupport

extension DeskWorld {
    /// Postings of cases that no row of the lifecycle names: each has to be named by a row that its case went at the
    /// same moment.
    ///
    /// What belongs to no row: too much that was paid is corrected by posting alone (M24, P16), and blocks lie over
    /// the payment (M25, P17).
    func unnamedPostings() async throws -> [String] {
        let named = named()
        return try await store.read { sql in
            var rows: [String: Set<String>] = [:]
            try sql.each(
                """
                SELECT   case_id, at_ms, transition, what
                FROM     event
                WHERE    case_id IS NOT NULL
                ORDER BY stream, number
                """, []
            ) { event in
                let place = "\(try event.text("case_id"))/\(try event.int("at_ms"))"
                let row = try event.textOrNil("transition") ?? event.text("what")
                rows[place, default: []].formUnion(named[row] ?? [])
            }
            var unnamed: [String] = []
            try sql.each(
                """
                SELECT   kind, case_id, created_ms
                FROM     posting
                WHERE    case_id IS NOT NULL
                ORDER BY created_ms, id
                """, []
            ) { posting in
                let kind = try posting.text("kind")
                let place = "\(try posting.text("case_id"))/\(try posting.int("created_ms"))"
                if rows[place]?.contains(kind) != true { unnamed.append("\(kind) at \(place)") }
            }
            return unnamed
        }
    }

    private func named() -> [String: Set<String>] {
        var named: [String: Set<String>] = [
            "movement.corrected-down": [Posting.Kind.correctedDown.rawValue],
            "block.opened": [Posting.Kind.disputed.rawValue], "block.closed": [Posting.Kind.disputed.rawValue],
        ]
        for step in RefundCase.transitions { named[step.id, default: []].formUnion(step.posts.map(\.rawValue)) }
        for step in Movement.transitions { named[step.id, default: []].formUnion(step.posts.map(\.rawValue)) }
        return named
    }
}

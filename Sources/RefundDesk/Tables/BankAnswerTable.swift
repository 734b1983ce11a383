public import RefundDomain
public import Storage

/// A bank's file about a batch, as it was brought.
public struct BankAnswer: Sendable, Hashable {
    public let id: String
    public let batchID: String
    public let broughtBy: String
    public let brought: Moment
    public let state: BankAnswerState
    public let decidedBy: String?
    public let decided: Moment?
    public let lines: [BankAnswerLine]
}

/// A line of a bank's file with what it is to the batch.
public struct BankMatch: Sendable, Hashable {
    public let line: BankAnswerLine
    public let finding: BankFinding
    /// The order that bears its number.
    public let item: PayoutItem?

    /// Every line of a file, as the batch stands.
    public static func all(_ lines: [BankAnswerLine], _ items: [PayoutItem]) -> [BankMatch] {
        let times = Dictionary(grouping: lines, by: \.refundNumber).mapValues(\.count)
        let byNumber = Dictionary(items.map { ($0.refundNumber, $0) }) { first, _ in first }
        return lines.map { line in
            let item = byNumber[line.refundNumber]
            let finding = BankFinding.of(
                line, times: times[line.refundNumber] ?? 1, gross: item?.gross, isWaiting: item?.isWaiting ?? false)
            return BankMatch(line: line, finding: finding, item: item)
        }
    }
}

/// SQL of the banks' files about batches.
public enum BankAnswerTable {
    static func insert(
        _ answer: BankAnswer, of batch: PayoutBatch, digest: String, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            """
            INSERT INTO payout_answer (id, batch_id, merchant_id, digest, answer_lines, brought_by, brought_ms, state)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')
            """,
            [
                .text(answer.id), .text(batch.id), .text(batch.merchantID), .text(digest),
                .text(answer.lines.map(\.kept).joined(separator: "\n")), .text(answer.broughtBy),
                .int(answer.brought.milliseconds),
            ])
    }

    /// A file of a batch; nil when there is none.
    public static func find(
        _ id: String, of batch: PayoutBatch, _ sql: any SQLReading
    ) throws -> BankAnswer? {
        try sql.row(
            """
            SELECT id, batch_id, answer_lines, brought_by, brought_ms, state, decided_by, decided_ms
            FROM   payout_answer
            WHERE  id = $1
            AND    batch_id = $2
            """, [.text(id), .text(batch.id)]
        ).map { try answer($0, batch) }
    }

    /// The files of a batch, oldest first; at most 50.
    public static func list(of batch: PayoutBatch, _ sql: any SQLReading) throws -> [BankAnswer] {
        try sql.rows(
            """
            SELECT   id, batch_id, answer_lines, brought_by, brought_ms, state, decided_by, decided_ms
            FROM     payout_answer
            WHERE    batch_id = $1
            ORDER BY brought_ms, id
            LIMIT    50
            """, [.text(batch.id)]
        ).map { try answer($0, batch) }
    }

    /// The batch that a file is about; nil when there is no such file.
    static func batchID(of id: String, _ sql: any SQLReading) throws -> String? {
        try sql.row("SELECT batch_id FROM payout_answer WHERE id = $1", [.text(id)])?.text("batch_id")
    }

    /// Whether the same file waits or was confirmed.
    static func isKnown(digest: String, of batchID: String, _ sql: any SQLReading) throws -> Bool {
        try sql.row(
            """
            SELECT   id
            FROM     payout_answer
            WHERE    batch_id = $1
            AND      digest = $2
            AND      state <> 'refused'
            ORDER BY brought_ms, id
            LIMIT    1
            """, [.text(batchID), .text(digest)]) != nil
    }

    /// Confirms or refuses an open file; false when somebody was faster.
    static func decide(
        _ id: String, _ state: BankAnswerState, by staffID: String, at now: Moment, _ sql: any SQLTransaction
    ) throws -> Bool {
        try sql.run(
            """
            UPDATE payout_answer
            SET    state = $2, decided_by = $3, decided_ms = $4
            WHERE  id = $1
            AND    state = 'open'
            """, [.text(id), .text(state.rawValue), .text(staffID), .int(now.milliseconds)]) == 1
    }

    private static func answer(_ row: SQLRow, _ batch: PayoutBatch) throws -> BankAnswer {
        let lines = try row.text("answer_lines").split(separator: "\n").map { kept in
            guard let line = BankAnswerLine(kept: kept, in: batch.total.currency) else {
                throw StoreFault.wrongKind("answer_lines")
            }
            return line
        }
        return BankAnswer(
            id: try row.text("id"), batchID: batch.id, broughtBy: try row.text("brought_by"),
            brought: try row.moment("brought_ms"), state: try row.word("state"),
            decidedBy: try row.textOrNil("decided_by"), decided: try row.momentOrNil("decided_ms"), lines: lines)
    }
}

extension BankAnswerLine {
    /// The line as it is kept: its values between tabs, which no value has.
    var kept: String {
        [
            String(line), refundNumber, String(amount.minor), result.rawValue, reference ?? "", paidOn?.iso ?? "",
            reason ?? "",
        ].map { String($0.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }) }.joined(separator: "\t")
    }

    /// Reads ``kept``; nil for anything else.
    init?(kept: Substring, in currency: Currency) {
        let values = kept.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
        guard values.count == 7, let line = Int(values[0]), let minor = Int64(values[2]),
            let amount = Money(minor: minor, currency: currency), let result = PayoutResult(rawValue: values[3])
        else { return nil }
        self.init(
            line: line, refundNumber: values[1], amount: amount, result: result,
            reference: values[4].isEmpty ? nil : values[4], paidOn: Day(iso: values[5]),
            reason: values[6].isEmpty ? nil : values[6])
    }
}

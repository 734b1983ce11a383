import RefundDesk
import RefundDomain
import Statements

/// `reconcile`: a channel's file held against our refunds, all of it or nothing.
struct ReconcileStatement: Sendable, Codable, Equatable {
    private struct Answer: Encodable {
        let read: Int
        let refunds: Int
        let ours: Int
        let elsewhere: Int
        let settled: Int
        let opened: [String: Int]
        let closed: Int
        let open: Int
        let bad: Int
        let from: String?
        let to: String?
    }

    let merchant: String
    /// The format's name; nil to recognise it.
    let format: String?
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: @escaping CommandReport) async throws -> ExitCode {
        let source = try await StatementSource(input, of: merchant, format: format, office)
        let result = try await office.desk.reconcile(
            try source.imported(progress: report), merchantCode: merchant)
        report(.progress(done: input.size, total: input.size))
        for line in result.badLines { report(.note(line.sentence)) }
        if result.bad > result.badLines.count {
            report(.note("… and \(result.bad - result.badLines.count) more bad lines"))
        }
        report(.output(asJSON ? try JSONText.document(answer(result)) : Self.text(result)))
        return result.bad > 0 ? .badData : .done
    }

    private func answer(_ result: ReconcileResult) -> Answer {
        let opened = Difference.allCases.map { ($0.rawValue, result.opened[$0] ?? 0) }
        return Answer(
            read: result.read, refunds: result.refunds, ours: result.ours, elsewhere: result.elsewhere,
            settled: result.settled, opened: Dictionary(uniqueKeysWithValues: opened), closed: result.closed,
            open: result.open, bad: result.bad, from: result.days?.lowerBound.iso, to: result.days?.upperBound.iso)
    }

    /// What a person reads of it.
    static func text(_ result: ReconcileResult) -> String {
        guard result.isStored else { return "bad \(result.bad)\nNothing was stored.\n" }
        let days = result.days.map { "\($0.lowerBound.iso) to \($0.upperBound.iso)" } ?? "no day"
        let opened = Difference.allCases.map { "\($0.rawValue) \(result.opened[$0] ?? 0)" }.joined(separator: ", ")
        return """
            read \(result.read) of \(days), refunds \(result.refunds): ours \(result.ours), elsewhere \
            \(result.elsewhere), settled \(result.settled)
            new differences: \(opened)
            closed because they fit now \(result.closed), open \(result.open)

            """
    }
}

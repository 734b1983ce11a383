import RefundDesk
import RefundDomain

/// `import`: payments of a statement file, all of it or nothing.
struct ImportStatement: Sendable, Codable, Equatable {
    private struct Answer: Encodable {
        let read: Int
        let new: Int
        let known: Int
        let bad: Int
        let sums: [Sums]
    }

    /// Amounts in minor units.
    private struct Sums: Encodable {
        let currency: String
        let payments: Int
        let paid: Int64
        let fee: Int64
        let refunds: Int
        let refunded: Int64
    }

    let merchant: String
    /// The format's name; nil to recognise it.
    let format: String?
    let isDryRun: Bool
    let skipsBad: Bool
    let asJSON: Bool

    func run(_ office: Office, _ input: CommandInput, _ report: @escaping CommandReport) async throws -> ExitCode {
        let source = try await StatementSource(input, of: merchant, format: format, office)
        let (result, compared) = try await office.desk.importStatement(
            try source.imported(progress: report), merchantCode: merchant,
            options: ImportOptions(isDryRun: isDryRun, skipsBad: skipsBad))
        report(.progress(done: input.size, total: input.size))
        tell(result, report)
        if result.isStored, result.ours > 0, compared == nil {
            report(.note("warning: refunds were not compared; mend the bad lines and run `reconcile` with the file."))
        }
        report(.output(asJSON ? try JSONText.document(answer(result)) : text(result, compared)))
        return result.bad > 0 && !skipsBad ? .badData : .done
    }

    private func tell(_ result: ImportResult, _ report: CommandReport) {
        for line in result.badLines { report(.note(line.sentence)) }
        if result.bad > result.badLines.count {
            report(.note("… and \(result.bad - result.badLines.count) more bad lines"))
        }
        for warning in result.warnings { report(.note("warning: \(warning)")) }
    }

    private func answer(_ result: ImportResult) -> Answer {
        let sums = result.sums.map {
            Sums(
                currency: $0.currency.code, payments: $0.payments, paid: $0.paidMinor, fee: $0.feeMinor,
                refunds: $0.refunds, refunded: $0.refundedMinor)
        }
        return Answer(read: result.read, new: result.new, known: result.known, bad: result.bad, sums: sums)
    }

    private func text(_ result: ImportResult, _ compared: ReconcileResult?) -> String {
        var lines = ["read \(result.read), new \(result.new), known \(result.known), bad \(result.bad)"]
        for sums in result.sums {
            let paid = Money(minor: sums.paidMinor, currency: sums.currency)?.decimal ?? "\(sums.paidMinor)"
            let refunded = Money(minor: sums.refundedMinor, currency: sums.currency)?.decimal ?? "\(sums.refundedMinor)"
            lines.append(
                "\(sums.currency.code): \(sums.payments) payments of \(paid), \(sums.refunds) refunds of \(refunded)")
        }
        if !result.isStored { lines.append("Nothing was stored.") }
        return lines.joined(separator: "\n") + "\n" + (compared.map(ReconcileStatement.text) ?? "")
    }
}

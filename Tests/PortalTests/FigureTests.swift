import Foundation
import RefundDomain
import Storage
import TestSupport
import Testing

@testable import Portal
@testable import RefundDesk

/// How long the reads behind a page take when 1,000,000 payments are there. It prints figures for
/// `docs/performance.md`, and only when `PLAN_FIGURES` is set.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["PLAN_FIGURES"] != nil))
struct FigureTests {
    private static let runs: Int64 = 200
    private static let warmUpRuns: Int64 = 20

    /// What a page reads in one transaction; gives how many rows it found.
    private struct Work: Sendable {
        let name: String
        let read: @Sendable (_ payment: Int64, any SQLReading) throws -> Int
    }

    @Test(arguments: EngineUnderTest.allCases)
    func timesOfWhatPeopleWaitFor(_ engine: EngineUnderTest) async throws {
        let store = try await LargeDatabase.shared(engine)
        for work in FigureTests.works {
            var times: [Duration] = []
            for run in 0..<(FigureTests.warmUpRuns + FigureTests.runs) {
                // Numbers that lie apart, each of a payment with a case.
                let payment = run * 4_990 % LargeDatabase.payments / 100 * 100 + 100
                let start = ContinuousClock.now
                let found: Int = try await store.read { sql in try work.read(payment, sql) }
                if run >= FigureTests.warmUpRuns { times.append(ContinuousClock.now - start) }
                #expect(found > 0, "\(work.name): payment \(payment)")
            }
            let sorted = times.sorted()
            let (median, slow) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
            print("figure | \(engine) | \(work.name) | \(milliseconds(median)) | \(milliseconds(slow))")
        }
    }

    private func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
        return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst()) ms"
    }

    private static let works = [
        Work(name: "look-up by reference number") { payment, sql in
            try PaymentLookUp.candidates(.reference(String(600_000_000_000 + payment), cardLast4: nil), sql).count
        },
        Work(name: "look-up by terminal and trace") { payment, sql in
            try PaymentLookUp.candidates(
                .trace(
                    terminal: String(10_000_000 + payment % 100), trace: String(100_000 + payment / 100), cardLast4: nil
                ), sql
            ).count
        },
        Work(name: "look-up by order number") { payment, sql in
            try PaymentLookUp.candidates(.order("order-\(1_000_000 + payment)"), sql).count
        },
        Work(name: "look-up by card and date") { payment, sql in
            let text = "2026-\(two(payment / 84_000 + 1))-\(two(payment / 3_000 % 28 + 1))"
            guard let day = Day(iso: text) else { return 0 }
            let last4 = String(1_000 + payment * 7_919 % 9_000)
            return try PaymentLookUp.candidates(
                .card(day: day, cardLast4: last4, terminal: String(10_000_000 + payment % 100)), sql
            ).count
        },
        Work(name: "queue page with counts") { _, sql in
            let lines = try QueueFilter().scope.states.flatMap { state in
                try sql.rows(
                    QueueStatements.all,
                    [
                        .text("merchant-1"), .text(state.rawValue), .text(""), .text(""), .int(Int64.max),
                        .int(QueueQuery.pageLines + 1), .text("9999-12-31"),
                    ])
            }
            for state in QueueFilter.states {
                _ = try sql.row(
                    QueueStatements.count,
                    [.text("merchant-1"), .text(state.rawValue), .int(QueueQuery.countMax)])
            }
            return lines.count
        },
        Work(name: "case page for staff") { payment, sql in
            let number = SQLValue.text("number-\(1_000_000 + payment / 10)")
            guard let id = try sql.row(CaseFileStatements.ofAnyMerchant, [number])?.value("id"),
                let head = try sql.row(CaseFileStatements.head, [id])
            else { return 0 }
            let (ofPayment, ofMerchant) = (try head.value("payment_id"), try head.value("merchant_id"))
            _ = try sql.row(CaseFileStatements.merchant, [ofMerchant])
            _ = try sql.row(CaseFileStatements.payment, [ofPayment, ofMerchant])
            _ = try sql.row(CaseFileStatements.hold, [id])
            _ = try sql.rows(CaseFileStatements.siblings, [ofPayment, id])
            return try [
                CaseFileStatements.movements, CaseFileStatements.proofs, CaseFileStatements.questions,
                CaseFileStatements.notes, CaseFileStatements.events, CaseFileStatements.attempts,
                CaseFileStatements.postings, CaseFileStatements.messages,
            ].reduce(0) { found, statement in try found + sql.rows(statement, [id]).count }
        },
    ]

    private static func two(_ number: Int64) -> String { String(String(number + 100).dropFirst()) }
}

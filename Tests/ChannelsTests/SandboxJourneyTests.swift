import Channels
import Foundation
import FoundationNetworking
import RefundDomain
import SandboxBank
import TestSupport
import Testing

/// Every row of `docs/sandbox-bank.md`, over real HTTP and with real signatures.
@Suite(.serialized) struct SandboxJourneyTests {
    /// One thing done and what must come of it.
    enum Step: Sendable {
        case send(ChannelVerdict, String)
        case ask(ChannelVerdict, String)
        case wait(seconds: Int64)
        /// So many notices came in all, and each means this.
        case notices(Int, ChannelVerdict)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let fen: Int64
        let payouts: Int
        let steps: [Step]

        init(_ fen: Int64, payouts: Int = 1, _ steps: [Step]) {
            self.fen = fen
            self.payouts = payouts
            self.steps = steps
        }

        var testDescription: String { "\(fen) fen" }
    }

    private static let settles: [Step] = [
        .ask(.accepted, "PROCESSING"), .wait(seconds: 2), .ask(.succeeded, "SUCCESS"), .notices(1, .succeeded),
        .send(.succeeded, "SUCCESS"),
    ]

    static let rows: [Row] = [
        Row(5_000, [.ask(.neverSeen, "RESOURCE_NOT_EXISTS"), .send(.accepted, "PROCESSING")] + settles),
        Row(601, [.send(.succeeded, "SUCCESS"), .ask(.succeeded, "SUCCESS"), .notices(1, .succeeded)]),
        Row(
            602,
            [
                .send(.accepted, "PROCESSING"), .wait(seconds: 29), .ask(.accepted, "PROCESSING"), .wait(seconds: 1),
                .ask(.succeeded, "SUCCESS"), .notices(1, .succeeded),
            ]),
        Row(
            603,
            [
                .send(.accepted, "PROCESSING"), .wait(seconds: 2), .ask(.failed, "CLOSED"), .notices(1, .failed),
            ]),
        Row(
            604,
            [
                .send(.accepted, "PROCESSING"), .wait(seconds: 2), .ask(.needsPayeeAction, "ABNORMAL"),
                .notices(1, .needsPayeeAction),
            ]),
        Row(605, [.send(.unknown, "no answer")] + settles),
        Row(
            606,
            [.send(.noFunds, "NOT_ENOUGH"), .send(.noFunds, "NOT_ENOUGH"), .send(.accepted, "PROCESSING")] + settles),
        Row(
            607, payouts: 0,
            [
                .send(.noFunds, "NOT_ENOUGH"), .send(.noFunds, "NOT_ENOUGH"), .send(.noFunds, "NOT_ENOUGH"),
                .ask(.neverSeen, "RESOURCE_NOT_EXISTS"),
            ]),
        Row(608, [.send(.unknown, "bad signature")] + settles),
        Row(609, [.send(.accepted, "PROCESSING"), .wait(seconds: 2), .notices(3, .succeeded)]),
        Row(
            610,
            [
                .send(.accepted, "PROCESSING"), .wait(seconds: 2), .ask(.succeeded, "SUCCESS"), .notices(0, .succeeded),
                .wait(seconds: 18), .notices(1, .succeeded),
            ]),
        Row(611, [.send(.accepted, "PROCESSING"), .notices(1, .succeeded), .ask(.succeeded, "SUCCESS")]),
        Row(612, [.send(.unknown, "SYSTEM_ERROR")] + settles),
        Row(
            613,
            [
                .send(.unknown, "SYSTEM_ERROR"), .ask(.neverSeen, "RESOURCE_NOT_EXISTS"),
                .send(.accepted, "PROCESSING"),
            ] + settles),
        Row(
            614,
            [
                .send(.notExecuted, "FREQUENCY_LIMITED"), .send(.notExecuted, "FREQUENCY_LIMITED"),
                .send(.accepted, "PROCESSING"),
            ] + settles),
        Row(
            615, payouts: 0,
            [
                .send(.failed, "USER_ACCOUNT_ABNORMAL"), .ask(.neverSeen, "RESOURCE_NOT_EXISTS"),
            ]),
        Row(
            616,
            [
                .send(.unknown, "unknown status"), .ask(.unknown, "unknown status"), .wait(seconds: 2),
                .ask(.succeeded, "SUCCESS"), .notices(1, .succeeded),
            ]),
        Row(
            617,
            [.send(.accepted, "PROCESSING"), .wait(seconds: 2), .ask(.succeeded, "SUCCESS"), .notices(0, .succeeded)]),
        Row(618, [.send(.unknown, "wrong amount")] + settles),
        Row(619, [.send(.unknown, "unreadable answer")] + settles),
    ]

    @Test func everyAmountOfTheTableHasARow() {
        #expect(Set(Self.rows.map(\.fen)).isSuperset(of: Misbehaviour.allCases.map(\.rawValue)))
        #expect(Misbehaviour.allCases.map(\.rawValue) == Array(601...619))
    }

    @Test(arguments: rows) func theBankMisbehavesByItsTable(row: Row) async throws {
        try await SandboxFixture.run { bank in
            let order = try bank.order(number: "RF-\(row.fen)", fen: row.fen)
            for (index, step) in row.steps.enumerated() {
                switch step {
                case .send(let verdict, let code):
                    let answer = await bank.client.refund(order)
                    #expect(answer.verdict == verdict && answer.code == code, "step \(index): \(answer)")
                case .ask(let verdict, let code):
                    let answer = await bank.client.query(order)
                    #expect(answer.verdict == verdict && answer.code == code, "step \(index): \(answer)")
                case .wait(let seconds): bank.clock.advance(seconds: seconds)
                case .notices(let count, let verdict):
                    let items = try await bank.notices.first(count)
                    #expect(items.count == count, "step \(index)")
                    let notices = try items.map {
                        try bank.client.readNotice(headers: ChannelHeaders($0.headers), body: $0.body)
                    }
                    #expect(notices.allSatisfy { $0.answer(to: order).verdict == verdict }, "step \(index)")
                    #expect(Set(notices.map(\.id)).count == min(count, 1), "step \(index)")
                }
            }
            #expect(await bank.counter.payouts().count == row.payouts)
        }
    }

    @Test func aRestartedBankKnowsWhatItPaid() async throws {
        let clock = TestClock()
        let folder = FileManager.default.temporaryDirectory.appending(path: "bank-\(UUID().uuidString)").path()
        try await SandboxFixture.run(folder: folder, clock: clock) { bank in
            _ = await bank.client.refund(try bank.order(number: "RF-1", fen: 5_000))
        }
        clock.advance(seconds: 2)
        try await SandboxFixture.run(folder: folder, clock: clock) { bank in
            let order = try bank.order(number: "RF-1", fen: 5_000)
            #expect(await bank.client.query(order).verdict == .succeeded)
            #expect(await bank.client.refund(order).verdict == .succeeded)
            #expect(await bank.counter.payouts().map(\.number) == ["RF-1"])
        }
    }

    @Test func theBooksAreShownWithoutSecrets() async throws {
        try await SandboxFixture.run { bank in
            _ = await bank.client.refund(try bank.order(number: "RF-1", fen: 601))
            let url = try #require(URL(string: bank.baseURL + "/books"))
            let text = String(decoding: try await URLSession.shared.data(from: url).0, as: UTF8.self)
            #expect(text.contains(#""number":"RF-1""#))
            #expect(!text.contains("PRIVATE KEY"))
        }
    }
}

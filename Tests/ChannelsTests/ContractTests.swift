import Channels
import RefundDomain
import SandboxBank
import TestSupport
import Testing
import Vault

/// What every channel's client promises, whatever its format, over real HTTP and with real signatures.
@Suite(.serialized) struct ContractTests {
    private static let ordinaryFen: Int64 = 5_000

    @Test(arguments: ChannelContract.all) func everyTroubleEndsAsPromisedAndPaysOnce(
        contract: ChannelContract
    ) async throws {
        for trouble in [nil] + Misbehaviour.allCases.map(Optional.some) {
            try await SandboxFixture.run(contract.channel) { bank in
                let order = try bank.order(number: "RP000001", fen: trouble?.rawValue ?? Self.ordinaryFen)
                let ending = contract.ending(of: trouble)
                #expect(await bank.drive(order) == ending.verdict, "\(String(describing: trouble))")
                let payouts = await bank.counter.payouts()
                #expect(payouts.count == ending.payouts, "\(String(describing: trouble))")
                #expect(payouts.allSatisfy { $0.amount == order.amount.minor })
            }
        }
    }

    @Test(arguments: ChannelContract.all) func aNumberThatTheChannelNeverSawIsNeverTakenForPaid(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel) { bank in
            let verdict = await bank.client.query(try bank.order(number: "RP000001", fen: Self.ordinaryFen)).verdict
            #expect(verdict == .neverSeen || verdict == .unknown)
        }
    }

    @Test(arguments: ChannelContract.all) func oneNumberPaysOnceHoweverOftenItIsSent(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel) { bank in
            let order = try bank.order(number: "RP000001", fen: Self.ordinaryFen)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 { group.addTask { _ = await bank.client.refund(order) } }
            }
            #expect(await bank.drive(order) == .succeeded)
            #expect(await bank.counter.payouts().map(\.amount) == [Self.ordinaryFen])
        }
    }

    @Test(arguments: ChannelContract.all) func oneNumberWithAnotherAmountMovesNothing(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel) { bank in
            #expect(await bank.drive(try bank.order(number: "RP000001", fen: Self.ordinaryFen)) == .succeeded)
            let other = try bank.order(number: "RP000001", fen: Self.ordinaryFen + 1)
            let answers = [await bank.client.refund(other), await bank.client.query(other)]
            #expect(answers.allSatisfy { $0.verdict != .succeeded && $0.verdict != .accepted })
            #expect(await bank.counter.payouts().map(\.amount) == [Self.ordinaryFen])
        }
    }

    @Test(arguments: ChannelContract.all) func noPaymentGoesBackBeyondWhatWasPaid(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel) { bank in
            try await bank.tellPayment(
                of: try bank.order(number: "RP000000", fen: 1, totalFen: 10_000, payment: "420001"))
            var verdicts: [ChannelVerdict] = []
            for number in ["RP000001", "RP000002", "RP000003"] {
                let order = try bank.order(number: number, fen: 4_000, totalFen: 10_000, payment: "420001")
                verdicts.append(await bank.drive(order))
            }
            #expect(verdicts == [.succeeded, .succeeded, .failed])
            #expect(await bank.counter.payouts().map(\.amount) == [4_000, 4_000])
        }
    }

    @Test(arguments: ChannelContract.all) func aBrokenLineLeavesTheEndUnknownUntilItIsAsked(
        contract: ChannelContract
    ) async throws {
        for trouble in LineTrouble.allCases {
            try await SandboxFixture.run(contract.channel) { bank in
                let line = BrokenLine(bank.exchange)
                let client = try bank.client(over: line.send)
                let order = try bank.order(number: "RP000001", fen: Self.ordinaryFen)
                line.breakOnce(trouble)
                let answer = await client.refund(order)
                #expect(answer.verdict == (trouble == .notSent ? .notExecuted : .unknown), "\(trouble)")
                line.breakOnce(trouble)
                #expect(await client.query(order).verdict == .unknown, "\(trouble)")
                #expect(await bank.drive(order) == .succeeded, "\(trouble)")
                #expect(await bank.counter.payouts().count == 1)
            }
        }
    }

    @Test(arguments: ChannelContract.all) func anAccountOfAnotherBankSendsNothing(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel, sharesKeys: false) { stranger in
            try await SandboxFixture.run(contract.channel) { bank in
                let client = try stranger.client(over: { request in
                    try await bank.exchange(request.moved(from: stranger.baseURL, to: bank.baseURL))
                })
                let order = try bank.order(number: "RP000001", fen: Self.ordinaryFen)
                let verdicts = [await client.refund(order).verdict, await client.query(order).verdict]
                #expect(verdicts.allSatisfy { $0 != .succeeded && $0 != .accepted && $0 != .failed })
                #expect(await bank.counter.payouts().isEmpty)
            }
        }
    }

    @Test(arguments: ChannelContract.all.filter(\.sendsNotices)) func aNoticeIsBelievedByItsSignatureAlone(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel) { bank in
            let order = try bank.order(number: "RP000001", fen: Misbehaviour.noticeThrice.rawValue)
            try await bank.tellPayment(of: order)
            _ = await bank.client.refund(order)
            bank.clock.advance(seconds: 31)
            let items = try await bank.notices.first(3)
            let item = try #require(items.first)
            let headers = ChannelHeaders(item.headers)
            let notices = try items.map {
                try bank.client.readNotice(headers: ChannelHeaders($0.headers), body: $0.body)
            }
            #expect(Set(notices.map(\.id)).count == 1)
            #expect(notices.allSatisfy { $0.answer(to: order).verdict == .succeeded })
            for index in stride(from: 0, to: item.body.count, by: 7) {
                var changed = item.body
                changed[index] ^= 1
                #expect(throws: NoticeFault.self, "byte \(index)") {
                    try bank.client.readNotice(headers: headers, body: changed)
                }
            }
            #expect(throws: NoticeFault.self) {
                try bank.client.readNotice(headers: ChannelHeaders([]), body: Array(item.body.dropLast()))
            }
            let another = try bank.order(number: "RP000002", fen: Self.ordinaryFen)
            #expect(notices.allSatisfy { $0.answer(to: another).verdict == .unknown })
            let larger = try bank.order(number: "RP000001", fen: Self.ordinaryFen)
            #expect(notices.allSatisfy { $0.isHint || $0.answer(to: larger).verdict == .unknown })
            if let stale = contract.noticeStaleAfter {
                bank.clock.advance(seconds: stale)
                #expect(throws: NoticeFault.stale) { try bank.client.readNotice(headers: headers, body: item.body) }
            }
        }
    }

    @Test(arguments: ChannelContract.all.filter(\.sendsNotices)) func aNoticeForAnotherAccountIsRefused(
        contract: ChannelContract
    ) async throws {
        try await SandboxFixture.run(contract.channel, sharesKeys: false) { stranger in
            try await SandboxFixture.run(contract.channel) { bank in
                let order = try bank.order(number: "RP000001", fen: Misbehaviour.doneAtOnce.rawValue)
                try await bank.tellPayment(of: order)
                _ = await bank.client.refund(order)
                let item = try #require(try await bank.notices.first(1).first)
                #expect(throws: NoticeFault.self) {
                    try stranger.client.readNotice(headers: ChannelHeaders(item.headers), body: item.body)
                }
            }
        }
    }
}

import Channels
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RefundDesk
import RefundDomain
import SandboxBank
import TestSupport
import Testing

@testable import Portal

/// Notices at the portal's door, with the bank's own signed bytes.
@Suite(.serialized) struct CallbackTests {
    @Test func aNoticeCountsOnceHoweverOftenItComes() async throws {
        try await withNotice { (door: Door) async throws in
            for _ in 0..<100 { #expect(try await door.post() == .noContent) }
            #expect(try await door.state() == .succeeded)
            #expect(try await door.count("SELECT COUNT(*) AS value FROM channel_notice") == 1)
            #expect(try await door.desk.verify().isEmpty)
        }
    }

    @Test func everyChangedByteIsRefusedAndChangesNothing() async throws {
        try await withNotice { (door: Door) async throws in
            for index in stride(from: 0, to: door.notice.body.count, by: 7) {
                var body = door.notice.body
                body[index] ^= 0x01
                #expect(try await door.post(body: body) == .unauthorized)
            }
            #expect(try await door.state() == .accepted)
        }
    }

    @Test func aNoticeIsRefusedAtAnotherAccountsAddress() async throws {
        try await withNotice { (door: Door) async throws in
            let other = try await door.desk.addChannelAccount(
                merchantCode: DeskWorld.merchantCode, channel: .wechatPay, name: "Other", merchantNumber: "1900000200",
                settings: try await door.bank.counter.accountJSON(
                    merchant: "1900000200", name: "Other", baseURL: door.bank.baseURL))
            #expect(try await door.post(account: other.callbackName) == .badRequest)
            #expect(try await door.post(account: "00000000000000000000000000000000") == .notFound)
            #expect(try await door.post(account: "") == .notFound)
            #expect(try await door.post(channel: "alipay") == .notFound)
            #expect(try await door.post(channel: "nobody") == .notFound)
            #expect(try await door.state() == .accepted)
        }
    }

    @Test func aNoticeThatIsFiveMinutesOldIsRefused() async throws {
        try await withNotice { (door: Door) async throws in
            door.clock.advance(seconds: 300)
            #expect(try await door.post() == .unauthorized)
            #expect(try await door.state() == .accepted)
        }
    }

    @Test func aNoticeOfARefundThatIsNotOursIsRefused() async throws {
        try await withNotice(ofForeignRefund: true) { (door: Door) async throws in
            #expect(try await door.post() == .notFound)
        }
    }

    @Test func aBodyBeyondItsLimitIsRefused() async throws {
        try await withNotice { (door: Door) async throws in
            #expect(try await door.post(body: [UInt8](repeating: 0x20, count: 65_537)) == .contentTooLarge)
            #expect(try await door.post(body: [UInt8](repeating: 0x20, count: 65_536)) == .unauthorized)
            #expect(try await door.post(body: []) == .unauthorized)
        }
    }

    @Test func theSenderIsToldNothingButNo() async throws {
        try await withNotice { (door: Door) async throws in
            let answer = try await door.answer(body: [0x7B])
            #expect(String(buffer: answer.body) == #"{"code":"FAIL","message":"not accepted"}"#)
        }
    }
}

/// A notice in hand and the door it belongs to.
private struct Door: Sendable {
    let desk: Desk
    let world: DeskWorld
    let bank: SandboxFixture
    let client: any TestClientProtocol
    let account: String
    let number: CaseNumber
    let notice: NoticeBox.Item

    var clock: TestClock { world.clock }

    func post(channel: String = "wechatpay", account: String? = nil, body: [UInt8]? = nil) async throws
        -> HTTPResponse.Status
    {
        try await answer(channel: channel, account: account, body: body).status
    }

    func answer(channel: String = "wechatpay", account: String? = nil, body: [UInt8]? = nil) async throws
        -> TestResponse
    {
        var headers = HTTPFields()
        for header in notice.headers where header.name.lowercased().hasPrefix("wechatpay") {
            if let name = HTTPField.Name(header.name) { headers[name] = header.value }
        }
        return try await client.executeRequest(
            uri: "/callbacks/\(channel)/\(account ?? self.account)", method: .post, headers: headers,
            body: ByteBuffer(bytes: body ?? notice.body))
    }

    func state() async throws -> Movement.State? { try await world.movementState(number) }

    func count(_ sql: String) async throws -> Int64 { try await world.int(sql) }
}

/// Runs `body` with a refund that the bank accepted and the notice of its success, not yet delivered.
private func withNotice(
    ofForeignRefund isForeign: Bool = false, _ body: @escaping @Sendable (Door) async throws -> Void
) async throws {
    try await withDesk { desk, world in
        try await SandboxFixture.run(clock: world.clock) { bank in
            try await desk.changeChannelSettings(accountID: world.accountID, to: bank.settings)
            let filed = try await world.approved(try await world.pay(), asking: 5_000)
            let job = try await world.job(.sendMovement, of: filed.number)
            let sending = try #require(try await desk.beginSend(job) { _, _ in bank.noticeAddress })
            let order = isForeign ? try bank.order(number: "NOT-OURS", fen: 5_000) : sending.order
            let answer = await bank.client.refund(order)
            if !isForeign {
                try await desk.recordOutcome(
                    answer, of: sending.movementID, from: .call(attempt: sending.attempt))
            }
            world.clock.advance(seconds: 2)
            let notice = try #require(try await bank.notices.first(1).first)
            let router = Router(context: PortalContext.self)
            CallbackRoutes(desk: desk, book: bank.book).add(to: router)
            try await Application(router: router).test(.router) { client in
                try await body(
                    Door(
                        desk: desk, world: world, bank: bank, client: client, account: sending.callbackName,
                        number: filed.number, notice: notice))
            }
        }
    }
}

import Channels
import Foundation
import Messages
import Portal
import RefundDesk
import SandboxBank
import Vault

/// The bank and everything between it and us.
struct Line {
    var till: BankTill
    /// Requests that we gave up and the bank gets later.
    var late: [(at: Int64, request: BankRequest)] = []
    /// Notices that are on their way, in no order.
    var bag: [DueNotice] = []
    /// Until then nothing comes through to the bank.
    var brokenUntil: Int64 = 0
    /// How many of the bank's refunds were looked at.
    var payoutsSeen = 0
    private let dice: SharedDice
    private static let publicKeyID = "PUB_KEY_ID_0100000000000000000000000000000001"
    private static let apiV3Key = "0123456789abcdef0123456789abcdef"
    /// Some banks say in the answer how it ends, some after two seconds and some after ten minutes. All deal with what
    /// is stuck after three days.
    private static func tempo(_ seed: UInt64) -> BankTempo {
        let settle: Int64 =
            switch seed % 4 {
            case 1: 0
            case 3: 600_000
            default: 2000
            }
        return BankTempo(
            settle: settle, slow: 3_600_000, lateNotice: 700_000,
            noticeRetries: BankTempo.ordinary.noticeRetries, handling: 3 * 86_400_000)
    }
    private static let serial = "00112233445566778899"

    init(_ pairs: (merchant: SimulationStage.Pair, bank: SimulationStage.Pair), seed: UInt64) {
        dice = SharedDice(seed: seed ^ 0xBA4C)
        let merchants = (0..<10).map { index in
            BankKeyRing.Merchant(
                number: "19000123\(10 + index)", serial: Line.serial, apiV3Key: Line.apiV3Key,
                checker: pairs.merchant.checker)
        }
        let ring = BankKeyRing(publicKeyID: Line.publicKeyID, platform: pairs.bank.signer, merchants: merchants)
        till = BankTill(keys: ring, tempo: Line.tempo(seed))
    }

    /// The settings of a merchant's account, as `channel add` takes them.
    func accountJSON(
        merchant: String, _ pairs: (merchant: SimulationStage.Pair, bank: SimulationStage.Pair)
    ) throws -> [UInt8] {
        let values = [
            "channel": "wechatpay", "name": "WeChat Pay", "base_url": "https://bank.example", "mchid": merchant,
            "serial_no": Line.serial, "private_key_pem": pairs.merchant.privateText, "apiv3_key": Line.apiV3Key,
            "public_key_id": Line.publicKeyID, "public_key_pem": pairs.bank.publicText,
        ]
        return Array(try JSONSerialization.data(withJSONObject: values, options: [.sortedKeys]))
    }

    mutating func ask(_ request: BankRequest, now: Int64) throws -> SignedAnswer {
        let dice = dice
        return try till.answer(request, now: now, random: { dice.bytes($0) })
    }

    /// Puts the notices that are due into the bag.
    mutating func collect(now: Int64) throws {
        let dice = dice
        bag += try till.dueNotices(now: now, random: { dice.bytes($0) })
    }
}

extension World {
    /// What can happen to a call on its way.
    enum Accident: CaseIterable {
        /// No connection: the bank hears nothing, and we know it.
        case notSent
        /// The request is lost.
        case lostRequest
        /// The request arrives after we gave up.
        case lateRequest
        /// The bank's answer is lost.
        case lostAnswer
        /// Somebody on the way asks us to slow down; the bank hears nothing.
        case tooMany
        /// Somebody on the way breaks down before the bank hears of it.
        case brokenBefore
        /// Somebody on the way breaks down with the bank's answer in hand.
        case brokenAfter
        /// A bit of the answer falls over.
        case garbled
    }

    /// Longest time that a request stays on the line after we gave it up, in milliseconds: the bank takes no older one.
    private static let lateMilliseconds: ClosedRange<Int64> = 1_000...290_000

    /// Brings a request to the bank and its answer back, or not.
    func carry(_ request: ChannelRequest, from life: Life) async throws -> ChannelResponse {
        try await pass(life, "call")
        let answer = try await transport(request, life)
        try await pass(life, "reply")
        return answer
    }

    private func transport(_ request: ChannelRequest, _ life: Life) async throws -> ChannelResponse {
        let path = request.url.dropFirst("https://bank.example".count)
        let authorization = request.headers.first { $0.name == "Authorization" }?.value ?? ""
        let asked = BankRequest(
            method: request.method.rawValue, path: String(path), authorization: authorization,
            serial: request.headers.first { $0.name == "Wechatpay-Serial" }?.value, body: request.body)
        clock.advance(milliseconds: isCalm ? 100 : dice.number(20...3_000))
        try await deliverLate()
        let isBroken = clock.bank < line.brokenUntil
        guard !isCalm, isBroken || dice.permille(settings.trouble.calls),
            let accident = isBroken ? .notSent : dice.pick(Accident.allCases)
        else { return try await answer(to: asked) }
        ledger.trace.add("\(indent)\(life.name)'s \(request.method.rawValue): \(accident)")
        ledger.count("call \(accident)")
        switch accident {
        case .notSent: throw ExchangeFault.notSent("no connection")
        case .lostRequest: break
        case .lateRequest:
            line.late.append((clock.bank + dice.number(World.lateMilliseconds), asked))
        case .lostAnswer: _ = try ask(asked)
        case .tooMany: return ChannelResponse(status: 429, headers: ChannelHeaders([]), body: [])
        case .brokenBefore: return ChannelResponse(status: 502, headers: ChannelHeaders([]), body: [])
        case .brokenAfter:
            _ = try ask(asked)
            return ChannelResponse(status: 502, headers: ChannelHeaders([]), body: [])
        case .garbled: return garbled(try await answer(to: asked))
        }
        clock.advance(milliseconds: 15_000)
        throw ExchangeFault.lost("no answer")
    }

    /// What comes back when the line is good; the bank has its own ways of going wrong.
    private func answer(to request: BankRequest) async throws -> ChannelResponse {
        let signed = try ask(request)
        switch signed.answer.fault {
        case .none, .badSignature: break
        case .lost:
            clock.advance(milliseconds: 500)
            throw ExchangeFault.lost("connection closed")
        case .noticeFirst: _ = try await deliverNotices(most: 4)
        }
        return response(signed)
    }

    /// Time goes on, and what was late arrives.
    func wait(milliseconds: Int64) async throws {
        clock.advance(milliseconds: milliseconds)
        try await deliverLate()
    }

    private func deliverLate() async throws {
        let due = line.late.filter { $0.at <= clock.bank }
        line.late.removeAll { $0.at <= clock.bank }
        for late in due {
            ledger.trace.add("\(indent)a late request arrives")
            _ = try ask(late.request)
        }
    }

    private func ask(_ request: BankRequest) throws -> SignedAnswer {
        try line.ask(request, now: clock.bank)
    }

    private func response(_ signed: SignedAnswer) -> ChannelResponse {
        ChannelResponse(
            status: signed.answer.status,
            headers: ChannelHeaders(signed.headers + [(name: "Content-Type", value: "application/json")]),
            body: signed.answer.body)
    }

    private func garbled(_ response: ChannelResponse) -> ChannelResponse {
        var body = response.body
        let place = Int(dice.number(0...Int64(max(body.count - 1, 0))))
        if body.indices.contains(place) { body[place] ^= 1 }
        return ChannelResponse(status: response.status, headers: response.headers, body: body)
    }
}

/// Takes messages to people; now and then it cannot.
struct Post: MessageSender {
    let world: World
    let life: Life

    func send(_ message: Message) async throws {
        try await world.post(message, from: life)
    }
}

extension World {
    func post(_ message: Message, from life: Life) async throws {
        try await pass(life, "message")
        guard isCalm || !dice.permille(30) else { throw MessageFault.noPost }
        ledger.count("message \(message.kind)")
    }
}

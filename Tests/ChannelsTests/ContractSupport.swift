import Channels
import RefundDomain
import SandboxBank
import Synchronization
import TestSupport
import Testing

/// What one channel promises beyond what all of them do; `ContractTests` holds each to both.
struct ChannelContract: Sendable, CustomTestStringConvertible {
    let channel: RefundDomain.Channel
    /// Where this channel ends otherwise than `Misbehaviour` says, because its format cannot say it.
    var endings: [Misbehaviour: Ending] = [:]
    /// Seconds after which a repeated notice is refused; nil where notices carry no time of signing.
    var noticeStaleAfter: Int64?
    /// Whether refunds are told of by notices.
    var sendsNotices = true

    var testDescription: String { channel.rawValue }

    static let all: [ChannelContract] = [
        ChannelContract(channel: .wechatPay, noticeStaleAfter: 300),
        // A refund into a wallet is done or refused in the answer; only a card's bank sends it back later.
        ChannelContract(channel: .alipay, endings: [.abnormal: Ending(verdict: .returned, payouts: 1)]),
        ChannelContract(
            channel: .unionPay,
            endings: [
                .abnormal: Ending(verdict: .unknown, payouts: 1), .noFundsTwice: Ending(verdict: .failed, payouts: 0),
                .noFundsEver: Ending(verdict: .failed, payouts: 0),
            ]),
        // It has no word for money that waits for its payee.
        ChannelContract(
            channel: .lakala, endings: [.abnormal: Ending(verdict: .failed, payouts: 1)], noticeStaleAfter: 300),
        ChannelContract(channel: .shengpay, endings: [.abnormal: Ending(verdict: .unknown, payouts: 1)]),
        ChannelContract(channel: .helipay, endings: [.abnormal: Ending(verdict: .unknown, payouts: 1)]),
    ]

    /// How a refund ends, and how often it was paid.
    struct Ending: Sendable, Hashable {
        let verdict: ChannelVerdict
        let payouts: Int
    }

    func ending(of trouble: Misbehaviour?) -> Ending {
        if let trouble, let own = endings[trouble] { return own }
        switch trouble {
        case .closed: return Ending(verdict: .failed, payouts: 1)
        case .abnormal: return Ending(verdict: .needsPayeeAction, payouts: 1)
        case .noFundsEver: return Ending(verdict: .noFunds, payouts: 0)
        case .accountGone: return Ending(verdict: .failed, payouts: 0)
        case .doneAtOnce, .slow, .replyLost, .noFundsTwice, .badSignature, .noticeThrice, .noticeLate, .noticeFirst,
            .errorAfter, .errorBefore, .busyTwice, .unknownWord, .noNotice, .wrongAmount, .garbage, nil:
            return Ending(verdict: .succeeded, payouts: 1)
        }
    }
}

/// What happens to one exchange on the line.
enum LineTrouble: Sendable, CaseIterable {
    /// No connection: the channel cannot have heard us.
    case notSent
    /// Nothing comes back although the channel acted.
    case replyLost
    /// A gateway answers in the channel's place.
    case gatewayError
    /// Half of the answer's body is missing.
    case truncated
    case emptyBody
    /// One byte in the middle of the answer's body is another one.
    case changed
    /// The answer is another's: to a request that was sent earlier.
    case redirect
}

/// A line that is broken for one exchange after ``breakOnce(_:)``.
final class BrokenLine: Sendable {
    private let next = Mutex<LineTrouble?>(nil)
    private let line: ChannelExchange

    init(_ line: @escaping ChannelExchange) { self.line = line }

    func breakOnce(_ trouble: LineTrouble) { next.withLock { $0 = trouble } }

    func send(_ request: ChannelRequest) async throws -> ChannelResponse {
        let trouble = next.withLock { trouble in
            defer { trouble = nil }
            return trouble
        }
        if trouble == .notSent { throw ExchangeFault.notSent("refused") }
        let answer = try await line(request)
        var body = answer.body
        switch trouble {
        case nil, .notSent: return answer
        case .replyLost: throw ExchangeFault.lost("timeout")
        case .gatewayError:
            return ChannelResponse(status: 502, headers: ChannelHeaders([]), body: Array("<html>502</html>".utf8))
        case .truncated: body.removeLast(body.count / 2)
        case .emptyBody: body = []
        case .changed:
            let middle = body.count / 2
            if body.indices.contains(middle) { body[middle] ^= 1 }
        case .redirect:
            return ChannelResponse(status: 302, headers: ChannelHeaders([]), body: [])
        }
        return ChannelResponse(status: answer.status, headers: answer.headers, body: body)
    }
}

extension SandboxFixture {
    /// Drives a refund as a worker does until its end is known: sends, asks, waits, and sends the same order again only
    /// when the channel says that this is safe.
    func drive(_ order: RefundOrder, steps: Int = 12) async -> ChannelVerdict {
        var answer = await client.refund(order)
        for _ in 0..<steps {
            switch answer.verdict {
            case .succeeded, .failed, .needsPayeeAction, .returned: return answer.verdict
            case .refusedOperator: return answer.verdict
            case .notExecuted, .noFunds, .neverSeen:
                clock.advance(seconds: 1)
                answer = await client.refund(order)
            case .accepted, .unknown:
                clock.advance(seconds: 31)
                answer = await client.query(order)
            }
        }
        return answer.verdict
    }
}

import Channels
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RefundDesk
import RefundDomain

/// What channels send of their own accord: `POST /callbacks/{channel}/{account}`.
///
/// A notice is believed by its signature over the bytes as they came, checked with the keys of the account in the
/// address, and by its figures, which must be those of the refund it names. Who sends it proves nothing else.
struct CallbackRoutes: Sendable {
    let desk: Desk
    let book: ChannelBook

    /// The longest notice that is read, in bytes.
    static let bodyBytesMax = 65_536

    /// Where a channel sends the notices of an account.
    static func address(_ publicURL: String, _ channel: RefundDomain.Channel, _ callbackName: String) -> String {
        "\(publicURL)/callbacks/\(channel.rawValue)/\(callbackName)"
    }

    func add(to routes: some RouterMethods<PortalContext>) {
        routes.post("callbacks/:channel/:account", use: take)
    }

    /// Why a notice is not taken; the channel tries again later, so nothing is lost by a no.
    private enum Refused: Error {
        case noSuchAccount
        case tooLong
        case notice(NoticeFault)
        case noSuchRefund
        case figures(ChannelAlert)

        var status: HTTPResponse.Status {
            switch self {
            case .noSuchAccount, .noSuchRefund: .notFound
            case .tooLong: .contentTooLarge
            case .notice(let fault):
                switch fault {
                case .unsigned, .wrongMethod, .stale, .unknownKey, .badSignature: .unauthorized
                case .unreadable, .notARefund, .wrongMerchant: .badRequest
                }
            case .figures: .badRequest
            }
        }

        /// For our log; the sender is told nothing.
        var reason: String {
            switch self {
            case .noSuchAccount: "no such account"
            case .tooLong: "too long"
            case .notice(let fault): fault.rawValue
            case .noSuchRefund: "no such refund"
            case .figures(let alert): alert.rawValue
            }
        }
    }

    @Sendable private func take(_ request: Request, _ context: PortalContext) async throws -> Response {
        do {
            try await record(request, context)
            return Response(status: .noContent)
        } catch let refused as Refused {
            context.logger.warning("notice refused", metadata: ["reason": "\(refused.reason)"])
            return Response(
                status: refused.status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"code":"FAIL","message":"not accepted"}"#)))
        }
    }

    private func record(_ request: Request, _ context: PortalContext) async throws {
        let query = CallbackQuery(desk: desk)
        guard let channel = context.parameters.get("channel").flatMap(RefundDomain.Channel.init(rawValue:)),
            let accountID = try await query.accountID(channel, context.parameters.get("account") ?? "")
        else { throw Refused.noSuchAccount }
        let body = try await bytes(of: request)
        let headers = ChannelHeaders(request.headers.lazy.map { (name: $0.name.rawName, value: $0.value) })
        let client = try book.client(of: channel, settings: try await desk.channelSettings(accountID: accountID))
        let notice: ChannelNotice
        do throws(NoticeFault) { notice = try client.readNotice(headers: headers, body: body) } catch {
            throw Refused.notice(error)
        }
        guard let refund = try await query.refund(notice.refundNumber, accountID: accountID) else {
            throw Refused.noSuchRefund
        }
        let answer = notice.answer(to: refund.order)
        if let alert = answer.alert { throw Refused.figures(alert) }
        try await desk.recordOutcome(answer, of: refund.movementID, from: .notice(id: notice.id))
    }

    /// The body as it came; the signature is over exactly these bytes.
    private func bytes(of request: Request) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await part in request.body {
            guard body.count + part.readableBytes <= CallbackRoutes.bodyBytesMax else { throw Refused.tooLong }
            body.append(contentsOf: part.readableBytesView)
        }
        return body
    }
}

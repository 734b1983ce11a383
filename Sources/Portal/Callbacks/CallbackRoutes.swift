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

    @Sendable private func take(_ request: Request, _ context: PortalContext) async throws -> Response {
        do {
            let headers = ChannelHeaders(request.headers.lazy.map { (name: $0.name.rawName, value: $0.value) })
            let taken = try await NoticeDoor(desk: desk, book: book).take(
                channel: context.parameters.get("channel") ?? "", account: context.parameters.get("account") ?? "",
                headers: headers, body: try await bytes(of: request))
            return response(taken)
        } catch let refused as NoticeRefused {
            context.logger.warning("notice refused", metadata: ["reason": "\(refused.reason)"])
            return Response(
                status: status(of: refused), headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"code":"FAIL","message":"not accepted"}"#)))
        }
    }

    private func response(_ taken: ChannelAcknowledgement) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let type = taken.contentType { headers[.contentType] = type }
        return Response(
            status: .init(code: taken.status), headers: headers,
            body: taken.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(string: taken.body)))
    }

    /// The body as it came; the signature is over exactly these bytes.
    private func bytes(of request: Request) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await part in request.body {
            guard body.count + part.readableBytes <= CallbackRoutes.bodyBytesMax else { throw NoticeRefused.tooLong }
            body.append(contentsOf: part.readableBytesView)
        }
        return body
    }

    private func status(of refused: NoticeRefused) -> HTTPResponse.Status {
        switch refused {
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
}

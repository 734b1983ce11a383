import NIOCore
import NIOHTTP1

/// How fast a request's body must arrive. Idle timeouts do not see a body that drips.
public struct BodyPace: Sendable, Hashable {
    /// No body is judged before so many seconds.
    public let graceSeconds: Int64
    /// No body may take longer than so many seconds.
    public let secondsMax: Int64
    /// After the grace time a body must have come at least this fast, in bytes a second.
    public let bytesPerSecondMin: Int64

    public init(graceSeconds: Int64 = 30, secondsMax: Int64 = 120, bytesPerSecondMin: Int64 = 8 * 1024) {
        self.graceSeconds = max(graceSeconds, 1)
        self.secondsMax = secondsMax
        self.bytesPerSecondMin = bytesPerSecondMin
    }

    /// Whether a body that has brought so many bytes after so many seconds may go on.
    func allows(bytes: Int64, after seconds: Int64) -> Bool {
        seconds < secondsMax && bytes >= bytesPerSecondMin * seconds
    }
}

/// Guards one connection before requests are made of it: bodies must keep their pace, HTTP/1.0 connections are closed
/// after the answer, and a request line with a whole address (`GET http://…`) loses its host and so gets 400.
final class ConnectionGuard: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// How long a connection stays open after its body was given up, for the answer to reach the client.
    private static let partingTime = TimeAmount.seconds(5)

    private let pace: BodyPace
    private var bytes: Int64 = 0
    private var seconds: Int64 = 0
    private var check: Scheduled<Void>?

    init(pace: BodyPace) {
        self.pace = pace
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            bytes = 0
            seconds = 0
            schedule(after: pace.graceSeconds, context)
            context.fireChannelRead(wrapInboundOut(.head(ConnectionGuard.checked(head))))
        case .body(let buffer):
            bytes += Int64(buffer.readableBytes)
            context.fireChannelRead(data)
        case .end:
            stop()
            context.fireChannelRead(data)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    private static func checked(_ head: HTTPRequestHead) -> HTTPRequestHead {
        var head = head
        if head.version.major == 1, head.version.minor == 0 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        if !head.uri.hasPrefix("/"), head.uri != "*" { head.headers.remove(name: "Host") }
        return head
    }

    private func schedule(after delay: Int64, _ context: ChannelHandlerContext) {
        check?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        check = context.eventLoop.scheduleTask(in: .seconds(delay)) {
            let (guardian, context) = bound.value
            guardian.judge(after: delay, context)
        }
    }

    private func judge(after delay: Int64, _ context: ChannelHandlerContext) {
        seconds += delay
        guard !pace.allows(bytes: bytes, after: seconds) else {
            schedule(after: 1, context)
            return
        }
        check = nil
        context.fireErrorCaught(RequestFault.tooSlow)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: ConnectionGuard.partingTime) { bound.value.close(promise: nil) }
    }

    private func stop() {
        check?.cancel()
        check = nil
    }
}

import Logging
import NIOCore
import NIOHTTP1

/// How long answers may take.
public struct AnswerPace: Sendable, Hashable {
    /// An answer must have begun so many seconds after the request has arrived whole: less than the minute after which
    /// proxies give up, so that people get our page. An answer that goes on, such as a live stream, is not cut.
    public let secondsMax: Int64
    /// No piece of an answer may wait longer for the client to take it than so many seconds.
    public let stuckSecondsMax: Int64

    public init(secondsMax: Int64 = 55, stuckSecondsMax: Int64 = 60) {
        self.secondsMax = max(secondsMax, 1)
        self.stuckSecondsMax = max(stuckSecondsMax, 1)
    }
}

/// Guards the answers of one connection: the clock of handlers that hang, of clients that do not read, and the words
/// for requests that no handler ever sees.
///
/// A handler that is given up is not broken off: what it does is kept or not kept as a whole, as when the client had
/// gone away, and whoever sends the same again finds what was done.
final class AnswerGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection stays open after its last answer, for the answer to reach the client.
    private static let partingSeconds: Int64 = 5

    private let pace: AnswerPace
    private let lastAnswers: LastAnswers
    private let logger: Logger

    /// Requests that arrived whole, answers that began, answers that ended.
    private var arrived = 0
    private var begun = 0
    private var ended = 0
    /// Pieces of answers that the client has not taken.
    private var waiting = 0
    private var isLast = false
    private var isUnreadable = false
    private var hasGivenUp = false
    private var answerClock: Scheduled<Void>?
    private var stuckClock: Scheduled<Void>?

    init(pace: AnswerPace, lastAnswers: LastAnswers, logger: Logger) {
        self.pace = pace
        self.lastAnswers = lastAnswers
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // What follows one of these is no HTTP for us: the decoder stops, and bytes would pile up before it.
            if head.method == .CONNECT || head.headers.contains(name: "Upgrade") { isLast = true }
        case .body: break
        case .end:
            arrived += 1
            watchAnswer(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !hasGivenUp else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            begun += 1
            watchAnswer(context)
            writeHead(head, context, promise)
        case .head, .body: send(data, context, promise)
        case .end:
            ended += 1
            watchAnswer(context)
            send(data, context, promise)
            if isLast {
                context.flush()
                context.close(promise: nil)
            } else if isUnreadable {
                part(context)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    // MARK: Answers that do not begin

    /// Answers follow each other: the clock of one begins when the one before has ended.
    private func watchAnswer(_ context: ChannelHandlerContext) {
        answerClock?.cancel()
        answerClock = nil
        guard arrived > begun, begun == ended else { return }
        answerClock = clock(pace.secondsMax, context) { $0.giveUp($1) }
    }

    private func giveUp(_ context: ChannelHandlerContext) {
        logger.error("request not answered in time", metadata: ["seconds": "\(pace.secondsMax)"])
        let answer = lastAnswers.late
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        hasGivenUp = true
        part(context)
    }

    // MARK: Answers without a handler

    /// Hummingbird's own answer to bytes that are no request has no words and no headers; all others have a date.
    private func writeHead(
        _ head: HTTPResponseHead, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        guard head.status == .badRequest, !head.headers.contains(name: "Date") else {
            send(wrapOutboundOut(.head(head)), context, promise)
            return
        }
        logger.info("request refused", metadata: ["reason": "unreadable"])
        isUnreadable = true
        let answer = lastAnswers.unreadable
        send(wrapOutboundOut(.head(answer.head)), context, promise)
        send(wrapOutboundOut(.body(.byteBuffer(answer.body))), context, nil)
    }

    // MARK: Answers that nobody takes

    private func send(_ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        waiting += 1
        if stuckClock == nil { watchWriting(context) }
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            waiting -= 1
            stuckClock?.cancel()
            stuckClock = nil
            if waiting > 0 { watchWriting(context) }
        }
        context.write(data, promise: promise)
    }

    private func watchWriting(_ context: ChannelHandlerContext) {
        stuckClock = clock(pace.stuckSecondsMax, context) { guardian, context in
            guardian.logger.info("connection closed", metadata: ["reason": "the client does not read"])
            context.close(promise: nil)
        }
    }

    // MARK: Clocks

    private func part(_ context: ChannelHandlerContext) {
        _ = clock(AnswerGuard.partingSeconds, context) { $1.close(promise: nil) }
    }

    private func clock(
        _ seconds: Int64, _ context: ChannelHandlerContext,
        _ act: @escaping (AnswerGuard, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context, act), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .seconds(seconds)) {
            let (guardian, context, act) = bound.value
            act(guardian, context)
        }
    }

    private func stop() {
        answerClock?.cancel()
        stuckClock?.cancel()
        answerClock = nil
        stuckClock = nil
    }
}

import Logging
import NIOCore
import NIOHTTP1

/// Puts the guards right behind the HTTP decoder, where the version and the whole request line are still known, and
/// turns away connections of an address that has its share.
final class GuardInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// What guards need.
    struct Parts: Sendable {
        let pace: BodyPace
        let answerPace: AnswerPace
        let shares: ConnectionShares
        let lastAnswers: LastAnswers
        let logger: Logger
    }

    private let parts: Parts

    init(_ parts: Parts) {
        self.parts = parts
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let answers = AnswerGuard(
                pace: parts.answerPace, lastAnswers: parts.lastAnswers, logger: parts.logger)
            try pipeline.addHandlers(ConnectionGuard(pace: parts.pace), answers, position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
            return
        }
        if !parts.shares.take(context.channel) { turnAway(context) }
    }

    /// Closes once the pipeline is complete: what is being put together must not be taken apart.
    private func turnAway(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.close(promise: nil) }
    }
}

import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Web

/// Holds back what is written, as a client does that does not read.
private final class Dam: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart

    private var held: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if let promise { held.append(promise) }
    }

    /// Lets one piece through.
    func open() {
        if !held.isEmpty { held.removeFirst().succeed() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        for promise in held { promise.fail(ChannelError.eof) }
    }
}

@Suite struct AnswerGuardTests {
    private func channel(_ dam: Dam? = nil) throws -> EmbeddedChannel {
        let guardian = AnswerGuard(
            pace: AnswerPace(), lastAnswers: try Repository.pages().lastAnswers(isSecure: true),
            logger: Logger(label: "test"))
        let channel = EmbeddedChannel()
        if let dam { try channel.pipeline.syncOperations.addHandler(dam) }
        try channel.pipeline.syncOperations.addHandler(guardian)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private func ask(_ channel: EmbeddedChannel, _ method: HTTPMethod = .GET, _ headers: HTTPHeaders = [:]) throws {
        try channel.writeInbound(
            HTTPServerRequestPart.head(
                HTTPRequestHead(version: .http1_1, method: method, uri: "/", headers: headers)))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
    }

    private func begin(_ channel: EmbeddedChannel, _ status: HTTPResponseStatus = .ok) throws {
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["Date": "now"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
    }

    private func end(_ channel: EmbeddedChannel) throws {
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    private func wait(_ channel: EmbeddedChannel, _ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    /// The statuses, the headers of the last head and the bytes of everything sent so far.
    private func sent(_ channel: EmbeddedChannel) throws -> (statuses: [UInt], headers: HTTPHeaders, text: String) {
        var (statuses, headers, text) = ([UInt](), HTTPHeaders(), "")
        while let part = try channel.readOutbound(as: HTTPServerResponsePart.self) {
            switch part {
            case .head(let head):
                statuses.append(head.status.code)
                headers = head.headers
            case .body(.byteBuffer(let buffer)): text += String(buffer: buffer)
            case .body, .end: break
            }
        }
        return (statuses, headers, text)
    }

    @Test func aHandlerThatHangsIsAnsweredForInEveryLanguageAndTheConnectionClosed() throws {
        let channel = try channel()
        try ask(channel)
        wait(channel, 54)
        #expect(try sent(channel).statuses.isEmpty)
        wait(channel, 1)
        let answer = try sent(channel)
        #expect(answer.statuses == [503])
        #expect(answer.text.contains("处理超时") && answer.text.contains("This took too long"))
        #expect(answer.headers["Retry-After"] == ["30"])
        #expect(answer.headers["X-Content-Type-Options"] == ["nosniff"])
        #expect(answer.headers.contains(name: "Strict-Transport-Security"))
        #expect(throws: ChannelError.ioOnClosedChannel) { try begin(channel) }
        #expect(channel.isActive)
        wait(channel, 5)
        #expect(!channel.isActive)
    }

    @Test func anAnswerThatGoesOnIsNotCutNotEvenWhenAnotherRequestWaitsBehindIt() throws {
        let channel = try channel()
        try ask(channel)
        try begin(channel)
        try ask(channel)
        wait(channel, 3600)
        #expect(try sent(channel).statuses == [200])
        try end(channel)
        wait(channel, 54)
        #expect(try sent(channel).statuses.isEmpty)
        wait(channel, 1)
        #expect(try sent(channel).statuses == [503])
    }

    @Test func anAnswerBeforeTheRequestsEndIsTakenAsTheAnswer() throws {
        let channel = try channel()
        try channel.writeInbound(
            HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")))
        try begin(channel, .payloadTooLarge)
        try end(channel)
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        wait(channel, 3600)
        #expect(try sent(channel).statuses == [413])
        #expect(channel.isActive)
    }

    @Test func aClientThatDoesNotReadIsLetGo() throws {
        let dam = Dam()
        let channel = try channel(dam)
        try ask(channel)
        channel.pipeline.write(
            HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .ok)), promise: nil)
        for _ in 1...3 {
            channel.pipeline.write(
                HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: "x"))), promise: nil)
        }
        wait(channel, 59)
        dam.open()
        wait(channel, 59)
        #expect(channel.isActive, "it reads, if slowly")
        wait(channel, 1)
        #expect(!channel.isActive)
    }

    @Test func bytesThatAreNoRequestGetWordsAndHeadersToo() throws {
        let channel = try channel()
        let bare = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: ["Content-Length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(bare))
        try end(channel)
        let answer = try sent(channel)
        #expect(answer.statuses == [400])
        #expect(answer.text.contains("这次请求无法读取") && answer.text.contains("could not be read"))
        #expect(answer.headers["Content-Length"] == [String(answer.text.utf8.count)])
        #expect(answer.headers["Content-Security-Policy"].first?.contains("default-src 'none'") == true)
        #expect(answer.headers["Connection"] == ["close"])
        wait(channel, 5)
        #expect(!channel.isActive)
    }

    @Test(arguments: [
        (HTTPMethod.CONNECT, HTTPHeaders()),
        (.GET, HTTPHeaders([("Connection", "Upgrade"), ("Upgrade", "websocket")])),
    ])
    func nothingIsReadBehindWhatWouldLeaveHTTP(_ method: HTTPMethod, _ headers: HTTPHeaders) throws {
        let channel = try channel()
        try ask(channel, method, headers)
        try begin(channel)
        #expect(channel.isActive)
        try end(channel)
        #expect(!channel.isActive)
    }
}

@Suite struct ConnectionSharesTests {
    private func channel(_ address: String) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
        return channel
    }

    @Test func anAddressHasItsShareAndGetsItBack() throws {
        let proxy = IPAddress("10.0.0.1")
        let shares = ConnectionShares(most: 2, logger: Logger(label: "test")) { $0 == proxy }
        let first = try channel("192.0.2.1")
        #expect(shares.take(first))
        #expect(shares.take(try channel("192.0.2.1")))
        #expect(!shares.take(try channel("192.0.2.1")))
        #expect(shares.take(try channel("192.0.2.2")))
        _ = try first.finish()
        #expect(shares.take(try channel("192.0.2.1")))
        #expect(!shares.take(try channel("192.0.2.1")))
    }

    @Test func aHouseholdIsOneAddressAndAProxyIsNone() throws {
        let proxy = IPAddress("10.0.0.1")
        let shares = ConnectionShares(most: 1, logger: Logger(label: "test")) { $0 == proxy }
        #expect(shares.take(try channel("2001:db8:1:2::1")))
        #expect(!shares.take(try channel("2001:db8:1:2:ffff::9")))
        #expect(shares.take(try channel("2001:db8:1:3::1")))
        for _ in 1...5 { #expect(shares.take(try channel("10.0.0.1"))) }
        #expect(shares.addresses == 2)
    }

    @Test func noAddressIsRememberedLongerThanItsConnections() throws {
        let shares = ConnectionShares(most: 1, logger: Logger(label: "test")) { _ in false }
        for number in 0..<1000 {
            let channel = try channel("192.0.\(number / 250).\(number % 250)")
            #expect(shares.take(channel))
            _ = try channel.finish()
        }
        #expect(shares.addresses == 0)
    }
}

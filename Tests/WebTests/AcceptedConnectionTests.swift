import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import Web

@Suite struct AcceptedConnectionTests {
    /// Without being closed it would end the process.
    @Test func aConnectionThatNobodyTakesIsClosed() async throws {
        let channel = NIOAsyncTestingChannel()
        let accepting = AcceptingChannel(base: HTTP1Channel { _, _, _ in }, tls: nil)
        let logger = Logger(label: "test")
        do {
            let dropped = try await channel.testingEventLoop.executeInContext {
                accepting.setup(channel: channel, logger: logger)
            }.get()
            #expect(dropped.channel.isActive == channel.isActive)
        }
        try await channel.closeFuture.get()
        #expect(!channel.isActive)
    }
}

import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing
import Vault

@testable import Web

/// A certificate of its own with its key.
struct TestIdentity {
    let certificate: String
    let key: [UInt8]

    init() throws {
        // Clients of these tests go by the machine's own clock.
        let now = Int64(Date().timeIntervalSince1970)
        let key = try RSAPrivateKey.generate()
        certificate = try Certificate.selfSigned(
            key, commonName: "portal.example", notBefore: now - 86_400, notAfter: now + 86_400
        ).pem
        self.key = try key.pem().bytes
    }

    func identity() throws -> TLSIdentity {
        try TLSIdentity(certificatePEM: Array(certificate.utf8), keyPEM: key)
    }
}

/// One connection by TLS that stays open from request to request.
private struct TLSClient {
    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Asks for the page and reads its answer up to the end.
    func ask(_ iterator: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) async throws -> String {
        try await outbound.write(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: portal.example\r\n\r\n"))
        var answer = ""
        while !answer.hasSuffix("hello"), let piece = try await iterator.next() { answer += String(buffer: piece) }
        return answer
    }
}

@Suite(.serialized) struct TLSTests {
    /// Listens with an identity and hands the test the port.
    private func listen(
        _ listener: TLSListener, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let router = Router()
        router.get("/") { _, _ in "hello" }
        let application = ServerLimits().application(
            router: router, address: .hostname("127.0.0.1", port: 0), logger: Logger(label: "listener"), tls: listener)
        try await application.test(.live) { client in try await body(try #require(client.port)) }
    }

    /// Connects, trusting one certificate alone, as whatever `change` makes of a client.
    private func connect<T: Sendable>(
        _ port: Int, trusting certificate: String, _ change: (inout TLSConfiguration) -> Void = { _ in },
        _ body: @Sendable (TLSClient) async throws -> T
    ) async throws -> T {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
        change(&configuration)
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(TLSClient(inbound: inbound, outbound: outbound))
        }
    }

    private func status(
        _ port: Int, trusting certificate: String, _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) async throws -> String {
        try await connect(port, trusting: certificate, change) { client in
            var iterator = client.inbound.makeAsyncIterator()
            return String(try await client.ask(&iterator).prefix { $0 != "\r\n" })
        }
    }

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func bothVersionsAreSpoken(_ version: TLSVersion) async throws {
        let own = try TestIdentity()
        try await listen(try TLSListener(try own.identity())) { port in
            let status = try await status(port, trusting: own.certificate) {
                $0.minimumTLSVersion = version
                $0.maximumTLSVersion = version
            }
            #expect(status == "HTTP/1.1 200 OK")
        }
    }

    @Test func oldVersionsAndWeakSuitesAreNotSpoken() async throws {
        let own = try TestIdentity()
        try await listen(try TLSListener(try own.identity())) { port in
            let weak: [(String, @Sendable (inout TLSConfiguration) -> Void)] = [
                ("TLS 1.1", { $0.maximumTLSVersion = .tlsv11 }),
                ("CBC", { weaken(&$0, "ECDHE-RSA-AES128-SHA") }),
                ("no forward secrecy", { weaken(&$0, "AES128-GCM-SHA256") }),
            ]
            for (name, change) in weak {
                await #expect(throws: (any Error).self, "\(name)") {
                    let status = try await status(port, trusting: own.certificate, change)
                    try #require(status == "HTTP/1.1 200 OK")
                }
            }
            for suite in TLSIdentity.suites where suite.contains("-RSA-") {
                let status = try await status(port, trusting: own.certificate) { weaken(&$0, suite) }
                #expect(status == "HTTP/1.1 200 OK", "\(suite)")
            }
        }
    }

    @Test func aNewIdentityIsForNewConnectionsAndOpenOnesGoOn() async throws {
        let (old, new) = (try TestIdentity(), try TestIdentity())
        let listener = try TLSListener(try old.identity())
        try await listen(listener) { port in
            try await connect(port, trusting: old.certificate) { client in
                var iterator = client.inbound.makeAsyncIterator()
                #expect(try await client.ask(&iterator).contains("200 OK"))
                try listener.use(try new.identity())
                #expect(try await client.ask(&iterator).contains("200 OK"))
            }
            #expect(try await status(port, trusting: new.certificate) == "HTTP/1.1 200 OK")
            await #expect(throws: (any Error).self) {
                try #require(try await status(port, trusting: old.certificate) == "HTTP/1.1 200 OK")
            }
        }
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        let (one, other) = (try TestIdentity(), try TestIdentity())
        let certificate = Array(one.certificate.utf8)
        let fault = #expect(throws: TLSIdentity.Fault.self) {
            try TLSIdentity(certificatePEM: certificate, keyPEM: other.key)
        }
        #expect(fault?.isAboutKey == true)
        for rubbish in [[], Array("-----BEGIN".utf8), one.key] {
            let fault = #expect(throws: TLSIdentity.Fault.self) {
                try TLSIdentity(certificatePEM: rubbish, keyPEM: one.key)
            }
            #expect(fault?.isAboutKey == false)
        }
        for rubbish in [[], Array("-----BEGIN".utf8), certificate] {
            let fault = #expect(throws: TLSIdentity.Fault.self) {
                try TLSIdentity(certificatePEM: certificate, keyPEM: rubbish)
            }
            #expect(fault?.isAboutKey == true)
        }
    }
}

/// Leaves a client one suite of TLS 1.2.
private func weaken(_ configuration: inout TLSConfiguration, _ suite: String) {
    configuration.maximumTLSVersion = .tlsv12
    configuration.cipherSuites = suite
}

import AsyncHTTPClient
import Channels
import RefundDomain
import TestSupport
import Testing

struct HTTPExchangeTests {
    @Test func aRefusedConnectionIsProvablyNotSent() async throws {
        let settings = try TestPlatform.shared.settings(["base_url": "http://127.0.0.1:1"])
        for host in ["127.0.0.1", "localhost"] {
            let fault = try await fault(
                of: ChannelRequest(
                    method: .post, url: "http://\(host):1/v3", headers: [], body: [1], timeout: .seconds(5)))
            guard case .notSent = fault else {
                Issue.record("\(host): \(String(describing: fault))")
                continue
            }
        }
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        let answer = await (try TestPlatform.shared.client(settings, HTTPExchange(client: client).send))
            .refund(.sample())
        #expect(answer.verdict == .notExecuted)
        try await client.shutdown()
    }

    @Test func anAddressThatAnswersWithNothingInTimeIsLost() async throws {
        // A listener that never accepts: the kernel completes the connection and nobody reads.
        let silent = try SilentListener()
        defer { silent.close() }
        let fault = try await fault(
            of: ChannelRequest(
                method: .post, url: "http://127.0.0.1:\(silent.port)/v3", headers: [], body: [1], timeout: .seconds(1)))
        guard case .lost = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    private func fault(of request: ChannelRequest) async throws -> ExchangeFault? {
        let client = HTTPClient(configuration: HTTPExchange.configuration)
        var found: ExchangeFault?
        do { _ = try await HTTPExchange(client: client).send(request) } catch { found = error as? ExchangeFault }
        try await client.shutdown()
        return found
    }
}

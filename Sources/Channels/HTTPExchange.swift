public import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Reaches channels over HTTP/1.1 and HTTP/2 with TLS.
public struct HTTPExchange: Sendable {
    private let client: HTTPClient

    /// How long making a connection may take.
    public static let connectTimeout: Duration = .seconds(3)

    /// - Parameter client: made with ``configuration``; who makes it shuts it down.
    public init(client: HTTPClient) {
        self.client = client
    }

    /// No redirects, since they would carry a signed order elsewhere; no second try behind our back.
    public static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connectTimeout)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Sends a request and reads the whole answer, at most ``ChannelResponse/bodyBytesMax``.
    ///
    /// - Throws: ``ExchangeFault``; `notSent` only for faults that come before a connection exists.
    public func send(_ request: ChannelRequest) async throws -> ChannelResponse {
        var outgoing = HTTPClientRequest(url: request.url)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in request.headers { outgoing.headers.add(name: header.name, value: header.value) }
        if !request.body.isEmpty { outgoing.body = .bytes(request.body) }
        do {
            let answer = try await client.execute(outgoing, deadline: .now() + TimeAmount(request.timeout))
            let body = try await answer.body.collect(upTo: ChannelResponse.bodyBytesMax)
            return ChannelResponse(
                status: Int(answer.status.code),
                headers: ChannelHeaders(answer.headers.lazy.map { (name: $0.name, value: $0.value) }),
                body: Array(body.readableBytesView))
        } catch {
            throw HTTPExchange.fault(of: error)
        }
    }

    private static func fault(of error: any Error) -> ExchangeFault {
        switch error {
        case let error as HTTPClientError where neverSent.contains(error.shortDescription):
            .notSent(error.shortDescription)
        case let error as HTTPClientError: .lost(error.shortDescription)
        case is NIOConnectionError: .notSent("connection refused or host unknown")
        // Where the host is an address, AsyncHTTPClient throws the bare refusal; an open connection never gets it.
        case let error as IOError where error.errnoCode == ECONNREFUSED: .notSent("connection refused")
        case is CancellationError: .lost("cancelled")
        default: .lost(String(describing: type(of: error)))
        }
    }

    /// Faults of the time before a connection exists, as AsyncHTTPClient calls them.
    private static let neverSent: Set<String> = Set(
        [
            HTTPClientError.connectTimeout, .tlsHandshakeTimeout, .socksHandshakeTimeout, .httpProxyHandshakeTimeout,
            .getConnectionFromPoolTimeout, .invalidURL, .emptyHost, .emptyScheme,
        ].map(\.shortDescription))
}

import HTTPTypes
public import Hummingbird
import Logging

/// Logs one line for each request: method, route pattern, status and duration. Never the address itself: it may carry
/// tokens, card digits and contacts.
public struct AccessLog<Context: RequestContext>: RouterMiddleware {
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: Microseconds since any fixed point, never going back.
    public init(clock: @escaping @Sendable () -> Int64) {
        self.clock = clock
    }

    /// Answers, then logs the answer.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = clock()
        let response = try await next(request, context)
        context.logger.info(
            "request",
            metadata: [
                "method": "\(request.method.rawValue)",
                "endpoint": "\(context.endpointPath ?? "none")",
                "status": "\(response.status.code)",
                "microseconds": "\(clock() - start)",
            ])
        return response
    }
}

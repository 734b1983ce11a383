public import Hummingbird

/// Refuses the requests of an address that asks for more than people do. What a request costs is bounded elsewhere;
/// this keeps one address from taking the whole server.
public struct RequestRate<Context: WebContext>: RouterMiddleware {
    private let budget: Budget
    private let budgets: Budgets
    private let exemptPrefixes: [String]

    /// - Parameters:
    ///   - budget: What each address has.
    ///   - exemptPrefixes: Paths that are always answered, each ending in `/`.
    public init(_ budget: Budget, in budgets: Budgets, exemptPrefixes: [String]) {
        self.budget = budget
        self.budgets = budgets
        self.exemptPrefixes = exemptPrefixes
    }

    /// - Throws: ``RequestFault/tooMany(retryAfterSeconds:)``.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // This machine's own requests are its operator's: probes, measurements, a proxy that was not named.
        if let address = context.clientAddress, !address.isLoopback,
            !exemptPrefixes.contains(where: { request.uri.path.hasPrefix($0) })
        {
            try budgets.spend(budget, by: address.countingKey)
        }
        return try await next(request, context)
    }
}

public import Hummingbird
import Synchronization

/// Refuses requests before their bodies are read while too many others are being answered: what can wait first, what
/// must not be lost never. One address cannot make it crowded for all.
public struct LoadShedding<Context: WebContext>: RouterMiddleware {
    /// How long people are asked to wait, in seconds.
    public static var retryAfterSeconds: Int { 5 }
    /// Requests of one address that may be under way: an upload by a slow telephone lasts minutes, a page milliseconds.
    public static var perAddressMax: Int { 32 }

    private let underWay = UnderWay()
    private let ceiling: @Sendable (Request) -> Int?

    /// - Parameter ceiling: With so many others under way a request is refused; nil for one that never is.
    public init(ceiling: @escaping @Sendable (Request) -> Int?) {
        self.ceiling = ceiling
    }

    /// - Throws: ``RequestFault/crowded(retryAfterSeconds:)``, ``RequestFault/tooMany(retryAfterSeconds:)``.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let most = ceiling(request) else { return try await next(request, context) }
        let address = context.clientAddress.flatMap { $0.isLoopback ? nil : $0.countingKey }
        let others = underWay.begin(address)
        defer { underWay.end(address) }
        guard others.own < Self.perAddressMax else {
            throw RequestFault.tooMany(retryAfterSeconds: Self.retryAfterSeconds)
        }
        guard others.all < most else { throw RequestFault.crowded(retryAfterSeconds: Self.retryAfterSeconds) }
        return try await next(request, context)
    }
}

/// Counts requests that have no answer yet. An answer that goes on, such as a live stream, is not among them.
private final class UnderWay: Sendable {
    private struct Count {
        var all = 0
        var byAddress: [String: Int] = [:]
    }

    private let count = Mutex(Count())

    /// How many others there are, and how many of the same address; none for an address that is not counted.
    func begin(_ address: String?) -> (all: Int, own: Int) {
        count.withLock { count in
            defer { count.all += 1 }
            guard let address else { return (count.all, 0) }
            let own = count.byAddress[address, default: 0]
            count.byAddress[address] = own + 1
            return (count.all, own)
        }
    }

    func end(_ address: String?) {
        count.withLock { count in
            count.all -= 1
            guard let address else { return }
            let left = count.byAddress[address, default: 1] - 1
            count.byAddress[address] = left > 0 ? left : nil
        }
    }
}

import Synchronization
import Web

/// Counts who follows a case live, so that nobody hoards connections.
final class LiveSeats: Sendable {
    /// How soon somebody who found no seat may ask again, in seconds.
    private static let sessionRetrySeconds = 15
    private static let serverRetrySeconds = 60

    private struct Taken {
        var all = 0
        var bySession: [[UInt8]: Int] = [:]
    }

    private let limits: LiveLimits
    private let taken = Mutex(Taken())

    init(_ limits: LiveLimits) {
        self.limits = limits
    }

    /// Streams that are open now.
    var count: Int { taken.withLock { $0.all } }

    /// A seat for one stream, free again when the last reference to it is gone.
    ///
    /// - Parameter session: the digest of the visitor's token.
    /// - Throws: ``RequestFault/tooMany(retryAfterSeconds:)`` when the session has its share,
    ///   ``RequestFault/unavailable(retryAfterSeconds:)`` when the server is full.
    func take(session: [UInt8]) throws(RequestFault) -> LiveSeat {
        let fault = taken.withLock { taken -> RequestFault? in
            let own = taken.bySession[session, default: 0]
            guard own < limits.perSessionMax else { return .tooMany(retryAfterSeconds: LiveSeats.sessionRetrySeconds) }
            guard taken.all < limits.streamsMax else {
                return .unavailable(retryAfterSeconds: LiveSeats.serverRetrySeconds)
            }
            taken.all += 1
            taken.bySession[session] = own + 1
            return nil
        }
        if let fault { throw fault }
        return LiveSeat(session: session, seats: self)
    }

    fileprivate func free(_ session: [UInt8]) {
        taken.withLock { taken in
            taken.all -= 1
            let left = taken.bySession[session, default: 1] - 1
            taken.bySession[session] = left > 0 ? left : nil
        }
    }
}

/// One stream's place. It ends with its last reference, so that an answer that is dropped before it is sent (to `HEAD`,
/// or because the connection is gone) cannot keep a place for ever.
final class LiveSeat: Sendable {
    private let session: [UInt8]
    private let seats: LiveSeats

    fileprivate init(session: [UInt8], seats: LiveSeats) {
        self.session = session
        self.seats = seats
    }

    deinit {
        seats.free(session)
    }
}

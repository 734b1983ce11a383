import Logging
import NIOCore
import Synchronization

/// Counts the connections of each address, so that one cannot take them all.
///
/// Only what is open is counted, so there are never more entries than connections.
final class ConnectionShares: Sendable {
    private struct Share {
        var open = 0
        /// Whether a refusal was logged since the address's first connection: one line tells as much as thousands.
        var isTold = false
    }

    private let most: Int
    private let logger: Logger
    private let isExempt: @Sendable (IPAddress) -> Bool
    private let shares = Mutex<[String: Share]>([:])

    /// - Parameter isExempt: Whose connections are not counted: proxies that bring many people's.
    init(most: Int, logger: Logger, isExempt: @escaping @Sendable (IPAddress) -> Bool) {
        self.most = most
        self.logger = logger
        self.isExempt = isExempt
    }

    /// Addresses that have connections open.
    var addresses: Int { shares.withLock { $0.count } }

    /// Counts one more connection, until it closes; false when its address has its share already.
    func take(_ channel: any Channel) -> Bool {
        guard let text = channel.remoteAddress?.ipAddress, let address = IPAddress(text), !isExempt(address) else {
            return true
        }
        let key = address.countingKey
        let isTaken = shares.withLock { shares in
            guard shares[key, default: Share()].open < most else { return false }
            shares[key, default: Share()].open += 1
            return true
        }
        if isTaken {
            channel.closeFuture.whenComplete { [self] _ in free(key) }
        } else {
            tell(key)
        }
        return isTaken
    }

    private func free(_ key: String) {
        shares.withLock { shares in
            guard var share = shares[key] else { return }
            share.open -= 1
            shares[key] = share.open > 0 ? share : nil
        }
    }

    private func tell(_ key: String) {
        let isNew = shares.withLock { shares in
            guard let share = shares[key], !share.isTold else { return false }
            shares[key]?.isTold = true
            return true
        }
        if isNew { logger.warning("connections refused", metadata: ["reason": "too many from one address"]) }
    }
}

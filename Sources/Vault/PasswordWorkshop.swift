internal import Foundation

/// Hashes and checks passwords beside everything else: on its own threads, two at a time, the rest in a short line.
///
/// One hash holds a processor for a quarter of a second; on the shared pool of tasks two of them would stop the server.
public actor PasswordWorkshop {
    /// Hashes computed at the same time.
    public static let runningMax = 2
    /// Callers that may wait; the next one is refused.
    public static let waitingMax = 16

    private let password: Password
    private let queue = OperationQueue()
    private var inside = 0

    /// A workshop for one way of hashing.
    public init(_ password: Password) {
        self.password = password
        queue.maxConcurrentOperationCount = PasswordWorkshop.runningMax
    }

    /// Hashes a new password.
    ///
    /// - Throws: ``VaultFault/busy`` when too many wait, else as ``Password/hash(_:)``.
    public func hash(_ typed: Secret) async throws(VaultFault) -> String {
        let password = password
        return try await inLine { () throws(VaultFault) in try password.hash(typed) }
    }

    /// Compares a typed password with a stored text, nil where there is no such account.
    ///
    /// - Throws: ``VaultFault/busy`` when too many wait, else as ``Password/verify(_:against:)``.
    public func verify(_ typed: Secret, against stored: String?) async throws(VaultFault) -> PasswordVerdict {
        let password = password
        return try await inLine { () throws(VaultFault) in try password.verify(typed, against: stored) }
    }

    /// Runs work in its turn; also where a test holds places in the line.
    func inLine<Value: Sendable>(
        _ work: @escaping @Sendable () throws(VaultFault) -> Value
    ) async throws(VaultFault) -> Value {
        guard inside < PasswordWorkshop.runningMax + PasswordWorkshop.waitingMax else { throw .busy }
        inside += 1
        defer { inside -= 1 }
        let result: Result<Value, VaultFault> = await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: Result(catching: work)) }
        }
        return try result.get()
    }
}

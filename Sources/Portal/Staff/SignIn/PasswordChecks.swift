import RefundDesk
import Vault
import Web

/// Passwords are checked and hashed beside everything else; when too many wait, people are asked to come again.
extension PortalParts {
    /// How long people wait when too many passwords are being checked, in seconds.
    private static let busySeconds = 5

    /// - Parameter hash: nil where there is no such account; the same work is done then.
    func verdict(_ password: Secret, _ hash: String?) async throws -> PasswordVerdict {
        try await inTurn { () throws(VaultFault) in try await passwords.verify(password, against: hash) }
    }

    /// The text to store for a new password.
    func hashed(_ password: Secret) async throws -> String {
        try await inTurn { () throws(VaultFault) in try await passwords.hash(password) }
    }

    private func inTurn<Value>(_ work: () async throws(VaultFault) -> Value) async throws -> Value {
        do {
            return try await work()
        } catch VaultFault.busy {
            throw RequestFault.unavailable(retryAfterSeconds: PortalParts.busySeconds)
        }
    }
}

internal import COpenSSL

/// What can go wrong in the vault. No case ever carries plaintext, a key or a password.
public enum VaultFault: Error, Sendable, Hashable {
    /// The key file may not be trusted: others can read it, it is a link, or it is not ours.
    case keyFileUnsafe(reason: String)
    /// The key file is missing, cannot be read or does not hold what it must.
    case keyFileUnreadable(reason: String)
    /// A key file would be made where something exists already.
    case keyFileExists
    /// Something was sealed or hashed under a key that the key file does not hold.
    case unknownKey(id: String)
    /// A sealed value did not open: another key, another place, or changed bytes.
    case damaged
    /// A PEM or DER text is no key or certificate that the vault accepts.
    case unreadableKey(reason: String)
    /// Too many passwords are waiting to be checked; ask again later.
    case busy
    /// OpenSSL refused an operation; the text names its own reason and no data.
    case openssl(String)
}

extension VaultFault {
    /// Takes the newest reason from OpenSSL's queue of this thread and empties the queue.
    static func fromOpenSSL(_ operation: String) -> VaultFault {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return .openssl(operation) }
        return .openssl("\(operation): \(String(cString: reason))")
    }
}

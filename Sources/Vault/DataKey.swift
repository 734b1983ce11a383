/// A key that seals the values of one tenant and class, in clear; lives in memory only.
public struct DataKey: Sendable, Equatable {
    /// Its number in the table of data keys.
    public let id: UInt32
    /// 32 bytes.
    let secret: Secret

    init(id: UInt32, secret: Secret) {
        self.id = id
        self.secret = secret
    }
}

/// A data key as it is stored: useless without the key file.
public struct WrappedKey: Sendable, Hashable {
    /// The data key's number.
    public let id: UInt32
    /// Identifier of the wrapping key in the key file.
    public let kekID: String
    /// The data key under AES key wrap with padding (RFC 5649).
    public let wrapped: [UInt8]
    /// The tenant it belongs to.
    public let tenant: String
    /// What it protects.
    public let keyClass: KeyClass

    /// Puts a stored row back together.
    public init(id: UInt32, kekID: String, wrapped: [UInt8], tenant: String, keyClass: KeyClass) {
        self.id = id
        self.kekID = kekID
        self.wrapped = wrapped
        self.tenant = tenant
        self.keyClass = keyClass
    }
}

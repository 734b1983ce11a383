/// Keyed digests of short codes: a million codes would be guessed at once from a plain digest.
public struct CodeHash: Sendable {
    private let key: Secret

    /// Takes ``Keys/codeKey``.
    public init(key: Secret) {
        self.key = key
    }

    /// The digest of a code, bound to what it is for, the request it was made for and the contact it was sent to.
    ///
    /// - Parameter contactIndex: the contact's blind index.
    public func hash(purpose: String, request: String, contactIndex: [UInt8], code: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(field: purpose)
        writer.write(field: request)
        writer.write(field: contactIndex)
        writer.write(field: code)
        return Digest.hmacSHA256(key: key.bytes, message: writer.bytes)
    }

    /// Whether a typed code is the one behind a stored digest; takes the same time for every wrong code.
    public func matches(
        _ stored: [UInt8], purpose: String, request: String, contactIndex: [UInt8], code: String
    ) -> Bool {
        constantTimeEqual(stored, hash(purpose: purpose, request: request, contactIndex: contactIndex, code: code))
    }
}

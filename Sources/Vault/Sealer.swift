/// The place a sealed value belongs to; copied to any other place it does not open.
public struct SealContext: Sendable, Hashable {
    /// Name of the table.
    public let table: String
    /// Name of the column.
    public let column: String
    /// Identifier of the row.
    public let row: String
    /// The tenant that owns the row.
    public let tenant: String

    /// Names one place.
    public init(table: String, column: String, row: String, tenant: String) {
        self.table = table
        self.column = column
        self.row = row
        self.tenant = tenant
    }
}

/// Seals single values: version ‖ data key number (4) ‖ nonce (12) ‖ AES-256-GCM ciphertext ‖ tag (16).
///
/// Nonces are random; SP 800-38D limits that to 2³² values a key, far above what one tenant and class reaches.
public enum Sealer {
    /// Bytes that sealing adds to a value.
    public static let overheadBytes = headerBytes + AESGCM.nonceBytes + AESGCM.tagBytes

    private static let version: UInt8 = 1
    private static let headerBytes = 5

    /// Seals a value for one place.
    public static func seal(
        _ plain: [UInt8], with key: DataKey, context: SealContext
    ) throws(VaultFault) -> [UInt8] {
        let header = header(key.id)
        let nonce = try Random.bytes(AESGCM.nonceBytes)
        let aad = additionalData(header, context)
        return header + nonce + (try AESGCM.seal(plain, key: key.secret.bytes, nonce: nonce, aad: aad))
    }

    /// Seals a text's UTF-8 bytes for one place.
    public static func seal(
        _ text: String, with key: DataKey, context: SealContext
    ) throws(VaultFault) -> [UInt8] {
        try seal(Array(text.utf8), with: key, context: context)
    }

    /// Opens a value in its place.
    ///
    /// - Throws: ``VaultFault/damaged`` for another key, another place or any changed byte.
    public static func open(
        _ sealed: [UInt8], with key: DataKey, context: SealContext
    ) throws(VaultFault) -> [UInt8] {
        guard sealed.count >= overheadBytes, dataKeyID(of: sealed) == key.id else { throw .damaged }
        let header = Array(sealed.prefix(headerBytes))
        let rest = sealed.dropFirst(headerBytes)
        return try AESGCM.open(
            key: key.secret.bytes, nonce: Array(rest.prefix(AESGCM.nonceBytes)),
            aad: additionalData(header, context), ciphertextAndTag: Array(rest.dropFirst(AESGCM.nonceBytes)))
    }

    /// Opens a sealed text.
    ///
    /// - Throws: ``VaultFault/damaged`` as ``open(_:with:context:)`` does, and where the bytes are not UTF-8.
    public static func openText(
        _ sealed: [UInt8], with key: DataKey, context: SealContext
    ) throws(VaultFault) -> String {
        guard let text = String(validating: try open(sealed, with: key, context: context), as: UTF8.self) else {
            throw .damaged
        }
        return text
    }

    /// The number of the data key that a value was sealed with; nil when the bytes are no sealed value.
    public static func dataKeyID(of sealed: [UInt8]) -> UInt32? {
        guard sealed.first == version, sealed.count >= overheadBytes else { return nil }
        return sealed[1..<headerBytes].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }

    private static func header(_ id: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(version)
        writer.write(id)
        return writer.bytes
    }

    private static func additionalData(_ header: [UInt8], _ context: SealContext) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(field: header)
        writer.write(field: context.table)
        writer.write(field: context.column)
        writer.write(field: context.row)
        writer.write(field: context.tenant)
        return writer.bytes
    }
}

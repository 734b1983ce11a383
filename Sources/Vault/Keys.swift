/// What a data key protects; keys of one class never open values of another.
public struct KeyClass: Sendable, Hashable, RawRepresentable {
    /// A short fixed word, stored beside the key.
    public let rawValue: String

    /// A class by its word.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

/// What a blind index finds; each class has a key of its own.
public enum IndexClass: String, Sendable, CaseIterable {
    case email
    case phone
    case name
    case card
}

/// The keys of one key file, ready for use: wrapping keys for data keys, and derived keys for everything keyed.
public struct Keys: Sendable {
    private let active: String
    private let wrappingKeys: [String: Secret]
    private let opened = OpenedKeys()
    private let emailIndex: BlindIndex
    private let phoneIndex: BlindIndex
    private let nameIndex: BlindIndex
    private let cardIndex: BlindIndex
    /// Key of ``CodeHash``.
    public let codeKey: Secret
    /// Key that stands behind every password hash.
    public let pepper: Secret
    /// Key of the audit chain's heads.
    public let auditKey: Secret
    /// Key for signing links that carry their own content, such as the ones on receipts.
    public let linkKey: Secret
    /// Key for signing the files of batches that people pay.
    public let batchKey: Secret

    /// Takes the keys of a key file and derives the others once: some are used several times a request.
    public init(_ file: KeyFile) {
        active = file.active
        wrappingKeys = file.wrappingKeys
        emailIndex = BlindIndex(key: Keys.derived("index/email", file.root))
        phoneIndex = BlindIndex(key: Keys.derived("index/phone", file.root))
        nameIndex = BlindIndex(key: Keys.derived("index/name", file.root))
        cardIndex = BlindIndex(key: Keys.derived("index/card", file.root))
        codeKey = Keys.derived("code", file.root)
        pepper = Keys.derived("pepper", file.root)
        auditKey = Keys.derived("audit", file.root)
        linkKey = Keys.derived("link", file.root)
        batchKey = Keys.derived("batch", file.root)
    }

    /// Makes a data key for one tenant and class.
    ///
    /// - Parameter id: a number never used before in this database; it stands in every value sealed with the key.
    /// - Returns: the key for use and its wrapped form, which the caller stores.
    public func newDataKey(
        id: UInt32, tenant: String, keyClass: KeyClass
    ) throws(VaultFault) -> (key: DataKey, wrapped: WrappedKey) {
        let key = DataKey(id: id, secret: Secret(bytes: try Random.bytes(AESGCM.keyBytes)))
        let place = DataKeyPlace(id: id, tenant: tenant, keyClass: keyClass)
        let bytes = try KeyWrap.wrap(key.secret.bytes, under: try wrappingKey(active, for: place))
        return (key, WrappedKey(id: id, kekID: active, wrapped: bytes, tenant: tenant, keyClass: keyClass))
    }

    /// Opens a stored data key.
    ///
    /// - Throws: ``VaultFault/unknownKey(id:)`` when the key file lacks its wrapping key; ``VaultFault/damaged`` when
    ///   it was changed or stands under another number, tenant or class than it was made for.
    public func unwrap(_ stored: WrappedKey) throws(VaultFault) -> DataKey {
        if let known = opened.key(stored) { return known }
        let place = DataKeyPlace(id: stored.id, tenant: stored.tenant, keyClass: stored.keyClass)
        let bytes = try KeyWrap.unwrap(stored.wrapped, under: try wrappingKey(stored.kekID, for: place))
        guard bytes.count == AESGCM.keyBytes else { throw .damaged }
        let key = DataKey(id: stored.id, secret: Secret(bytes: bytes))
        opened.keep(key, of: stored)
        return key
    }

    /// The blind index of one class.
    public func blindIndex(_ indexClass: IndexClass) -> BlindIndex {
        switch indexClass {
        case .email: emailIndex
        case .phone: phoneIndex
        case .name: nameIndex
        case .card: cardIndex
        }
    }

    /// A wrapping key is never used as it is: it gives a key of its own for each data key's place, so that a wrapped
    /// key moved to another row of the table does not open (AES key wrap has no additional data to bind).
    private func wrappingKey(_ id: String, for place: DataKeyPlace) throws(VaultFault) -> [UInt8] {
        guard let key = wrappingKeys[id] else { throw .unknownKey(id: id) }
        return Digest.hkdfSHA256(secret: key.bytes, label: place.label, count: AESGCM.keyBytes)
    }

    private static func derived(_ label: String, _ root: Secret) -> Secret {
        let bytes = Digest.hkdfSHA256(secret: root.bytes, label: Array(label.utf8), count: AESGCM.keyBytes)
        return Secret(bytes: bytes)
    }
}

/// Where a wrapped data key belongs.
private struct DataKeyPlace {
    let id: UInt32
    let tenant: String
    let keyClass: KeyClass

    var label: [UInt8] {
        var writer = ByteWriter()
        writer.write(field: "data-key")
        writer.write(id)
        writer.write(field: tenant)
        writer.write(field: keyClass.rawValue)
        return writer.bytes
    }
}

internal import Foundation

/// The keys that everything else hangs on: a JSON file of mode 0600, never in the database and never in a backup.
///
/// It holds the keys that wrap data keys (one of them is active, older ones stay readable) and one root secret from
/// which the keys of indexes, codes, passwords and audit are derived.
public struct KeyFile: Sendable {
    /// Identifier of the wrapping key for new data keys.
    public let active: String
    /// Wrapping keys by identifier.
    let wrappingKeys: [String: Secret]
    /// Root of all derived keys.
    let root: Secret

    /// The largest key file, in bytes.
    static let fileBytesMax = 64 * 1024

    /// A new key file's content, with one wrapping key.
    public static func generate() throws(VaultFault) -> KeyFile {
        let id = Hex.encode(try Random.bytes(4))
        let key = Secret(bytes: try Random.bytes(AESGCM.keyBytes))
        return KeyFile(active: id, wrappingKeys: [id: key], root: Secret(bytes: try Random.bytes(AESGCM.keyBytes)))
    }

    /// Makes a new key file with mode 0600 and waits until the disk has it.
    ///
    /// - Throws: ``VaultFault/keyFileExists`` when anything is there already; it is left untouched.
    public static func create(at path: String) throws(VaultFault) -> KeyFile {
        let keys = try generate()
        try PrivateFile.create(at: path, bytes: try keys.json())
        return keys
    }

    /// Reads a key file after checking that it is ours and that nobody else can read it.
    ///
    /// - Throws: ``VaultFault/keyFileUnsafe(reason:)`` or ``VaultFault/keyFileUnreadable(reason:)``.
    public static func read(at path: String) throws(VaultFault) -> KeyFile {
        try KeyFile(json: try PrivateFile.read(at: path, bytesMax: fileBytesMax))
    }

    /// A copy with a new active wrapping key; the older ones stay for what they wrapped.
    func rotated() throws(VaultFault) -> KeyFile {
        let id = Hex.encode(try Random.bytes(4))
        let key = Secret(bytes: try Random.bytes(AESGCM.keyBytes))
        return KeyFile(active: id, wrappingKeys: wrappingKeys.merging([id: key]) { $1 }, root: root)
    }

    private init(active: String, wrappingKeys: [String: Secret], root: Secret) {
        self.active = active
        self.wrappingKeys = wrappingKeys
        self.root = root
    }

    init(json: [UInt8]) throws(VaultFault) {
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(json)) else {
            throw .keyFileUnreadable(reason: "not the JSON of a key file")
        }
        guard content.version == Content.currentVersion else {
            throw .keyFileUnreadable(reason: "version \(content.version) is not known")
        }
        var keys: [String: Secret] = [:]
        for (id, text) in content.keys {
            keys[id] = try KeyFile.key(text, named: id)
        }
        guard keys[content.active] != nil else { throw .unknownKey(id: content.active) }
        self.init(active: content.active, wrappingKeys: keys, root: try KeyFile.key(content.root, named: "root"))
    }

    func json() throws(VaultFault) -> [UInt8] {
        let content = Content(
            version: Content.currentVersion, active: active,
            keys: wrappingKeys.mapValues { Base64.encode($0.bytes) }, root: Base64.encode(root.bytes))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(content) else { throw .keyFileUnreadable(reason: "cannot be written") }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }

    private static func key(_ text: String, named id: String) throws(VaultFault) -> Secret {
        guard let bytes = Base64.decode(text), bytes.count == AESGCM.keyBytes else {
            throw .keyFileUnreadable(reason: "key \(id) is not 32 bytes of base64")
        }
        return Secret(bytes: bytes)
    }

    private struct Content: Codable {
        static let currentVersion = 1

        let version: Int
        let active: String
        let keys: [String: String]
        let root: String
    }
}

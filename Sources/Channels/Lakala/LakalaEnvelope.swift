import Vault

extension Lakala {
    /// How bodies go over the wire: as JSON, or as base64 of the JSON under SM4, to other addresses.
    enum Envelope: Sendable {
        case plain
        /// - Parameter suffix: ends the path of the addresses that take encrypted bodies.
        case encrypted(key: Secret, suffix: String)

        /// What `encrypted_path_suffix` is when it is not given, as the encrypted addresses of payments have it.
        private static let suffixDefault = "_encry"

        /// Reads `sm4_key` and `encrypted_path_suffix`.
        init(_ fields: AccountFields) throws(AccountFault) {
            let suffix = try fields.text("encrypted_path_suffix", 0...16, .token)
            guard let text = try fields.text("sm4_key", 1...64, .anything) else {
                guard suffix == nil else {
                    throw AccountFault(key: "encrypted_path_suffix", problem: "needs sm4_key beside it")
                }
                self = .plain
                return
            }
            guard let key = Base64.decode(text), key.count == SM4.keyBytes else {
                throw AccountFault(key: "sm4_key", problem: "must be base64 of 16 bytes")
            }
            self = .encrypted(key: Secret(bytes: key), suffix: suffix ?? Self.suffixDefault)
        }

        /// The address of a body in this envelope.
        func path(_ path: String) -> String {
            switch self {
            case .plain: path
            case .encrypted(_, let suffix): path + suffix
            }
        }

        /// The bytes that are sent, and that the signature is over.
        func seal(_ body: [UInt8]) throws(VaultFault) -> [UInt8] {
            switch self {
            case .plain: body
            case .encrypted(let key, _): Array(Base64.encode(try SM4.seal(body, key: key.bytes)).utf8)
            }
        }

        /// The JSON of an answer whose signature held, which may come unencrypted all the same; nil when it cannot be
        /// opened.
        func open(_ body: [UInt8]) -> StrictJSON? {
            guard case .encrypted(let key, _) = self, body.first != UInt8(ascii: "{") else { return StrictJSON(body) }
            guard let sealed = Base64.decode(String(decoding: body, as: UTF8.self)),
                let plain = try? SM4.open(sealed, key: key.bytes)
            else { return nil }
            return StrictJSON(plain)
        }
    }
}

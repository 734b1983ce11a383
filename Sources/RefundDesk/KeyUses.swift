import Vault

/// What the desk looks up by blind index.
enum Lookup {
    case email
    case phone
    case name
    /// A member of staff's address; another key space than cardholders' addresses.
    case staffEmail
}

extension Keys {
    /// The blind index of a normalised value.
    func index(_ lookup: Lookup, _ normalised: String) -> [UInt8] {
        switch lookup {
        case .email: blindIndex(.email).index(normalised)
        case .phone: blindIndex(.phone).index(normalised)
        case .name: blindIndex(.name).index(normalised)
        case .staffEmail: blindIndex(.email).index("staff:" + normalised)
        }
    }

    /// A name for something that must not lie in the database in clear, such as a client's network address.
    func keyedName(_ text: String) -> String {
        Hex.encode(Array(Digest.hmacSHA256(key: auditKey.bytes, message: Array(text.utf8)).prefix(16)))
    }

    /// The digest of a text in the audit chain: keyed, so that the text cannot be guessed from it once it is erased.
    func textDigest(_ text: String, salt: String) -> [UInt8] {
        Digest.hmacSHA256(key: auditKey.bytes, message: Array("\(salt)\n\(text)".utf8))
    }
}

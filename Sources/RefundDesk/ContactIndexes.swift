import Vault

/// What a typed contact is looked up by: the blind indexes of everything it can be read as.
public struct ContactIndexes: Sendable, Hashable {
    /// Nil when the text is no address.
    public let email: [UInt8]?
    /// Nil when the text is no telephone number.
    public let phone: [UInt8]?
    /// Nil when the text is empty.
    public let name: [UInt8]?
}

extension Desk {
    /// The indexes under which cases of an e-mail address, a telephone number or a name are found.
    public func contactIndexes(of typed: String) -> ContactIndexes {
        let text = typed.trimmed
        return ContactIndexes(
            email: ContactText.normalEmail(text).map { keys.index(.email, $0) },
            phone: ContactText.normalPhone(text).map { keys.index(.phone, $0) },
            name: text.isEmpty ? nil : keys.index(.name, text.lowercased()))
    }
}

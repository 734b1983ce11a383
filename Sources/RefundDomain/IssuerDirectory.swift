/// Whom a cardholder calls about money that is with a bank.
public struct IssuerDirectory: Sendable, Hashable {
    /// A bank or a wallet with the telephone number that it prints on its cards or pages.
    public struct Desk: Sendable, Hashable {
        public let name: String
        public let nameEnglish: String
        public let phone: String

        public init(name: String, nameEnglish: String, phone: String) {
            self.name = name
            self.nameEnglish = nameEnglish
            self.phone = phone
        }
    }

    /// An issuing bank with the words that statements use for it.
    public struct Issuer: Sendable, Hashable {
        public let codes: Set<String>
        public let names: [String]
        public let desk: Desk

        public init(codes: Set<String>, names: [String], desk: Desk) {
            self.codes = codes
            self.names = names
            self.desk = desk
        }
    }

    public let issuers: [Issuer]
    /// Whom to ask where the issuer is not known, or a wallet's own balance paid.
    public let channels: [Channel: Desk]

    public init(issuers: [Issuer], channels: [Channel: Desk]) {
        self.issuers = issuers
        self.channels = channels
    }

    /// Knows nobody.
    public static let empty = IssuerDirectory(issuers: [], channels: [:])

    /// Whom to call about a payment; nil when nobody is known.
    ///
    /// - Parameter issuer: the statement's word, a code such as `CMB` or a name such as `招商银行信用卡中心`.
    public func desk(issuer: String?, channel: Channel?) -> Desk? {
        let known = issuer.flatMap { word in
            issuers.first { $0.codes.contains(word) || $0.names.contains { word.hasPrefix($0) } }
        }
        return known?.desk ?? channel.flatMap { channels[$0] }
    }
}

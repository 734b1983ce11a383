/// What no machine is called for: acquirers without a public interface, and banks. Refunds go into batches, whose files
/// people pay (`docs/guides/manual-channel.md`).
public enum Manual {}

extension Manual {
    /// The settings of one account, checked. There is nothing secret in them.
    public struct AccountSettings: Sendable {
        /// What people call the account.
        public let name: String
        /// By which statements know the merchant there; the bank's name where none is given.
        public let merchantNumber: String
        /// Which files its batches have.
        public let format: Format

        /// Which files the batches of an account have.
        public enum Format: String, Sendable, Hashable, CaseIterable {
            /// One of all orders.
            case csv
            /// That one, and one for a bank's bulk transfer.
            case bankTransfer = "bank-transfer"
        }
    }
}

extension Manual.AccountSettings {
    private static let names: Set<String> = ["channel", "name", "format", "bank", "merchant_no"]

    /// Reads the settings and checks all of them.
    ///
    /// - Throws: ``AccountFault`` that names the first key that is wrong, unknown keys included.
    public init(json bytes: [UInt8]) throws(AccountFault) {
        let fields = try AccountFields(json: bytes, names: Self.names)
        try fields.literal("channel", "manual")
        let bank = try fields.required("bank", 1...64, .anything)
        name = try fields.text("name", 1...64, .anything) ?? bank
        merchantNumber = try fields.text("merchant_no", 1...64, .token) ?? bank
        guard let format = Format(rawValue: try fields.required("format", 1...16, .token)) else {
            throw AccountFault(key: "format", problem: "must be \"csv\" or \"bank-transfer\"")
        }
        self.format = format
    }
}

public import Vault

/// The name of a stored proof: random, and nothing else, so that it says nothing and cannot lead out of the store.
public struct ProofName: Sendable, Hashable, Comparable {
    /// 32 to 64 lower-case letters and digits.
    public let text: String

    private static let length = 32...64

    /// Checks a stored name; nil for anything but 32 to 64 lower-case letters and digits.
    public init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        guard isPlain, ProofName.length.contains(text.utf8.count) else { return nil }
        self.text = text
    }

    /// A new name of 128 random bits.
    public static func random() throws(VaultFault) -> ProofName {
        ProofName(random: Hex.encode(try Random.bytes(16)))
    }

    private init(random text: String) {
        self.text = text
    }

    /// Orders names by their bytes.
    public static func < (left: ProofName, right: ProofName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

import Vault

/// Codes that stand in for the authenticator once each: ten of 80 bits, kept as keyed digests bound to the person.
///
/// In the row they lie one digest after the other, so that using one is a change of one value.
public struct RecoveryCodes: Sendable {
    /// How many a set has.
    public static let setCount = 10
    static let codeBytes = 10
    private static let digestBytes = 32
    private static let symbols = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private let hash: CodeHash
    private let staffID: String

    init(_ keys: Keys, _ staffID: String) {
        hash = CodeHash(key: keys.codeKey)
        self.staffID = staffID
    }

    /// A set of random codes as people write them down: `7K3M-Q9TX-40ZV-8HJC`.
    static func draw(_ chance: Chance) throws -> [String] {
        try (0..<setCount).map { _ in text(try chance.bytes(codeBytes)) }
    }

    /// What is kept of a set.
    func hashes(of codes: [String]) -> [UInt8] {
        codes.flatMap { digest($0) }
    }

    /// What is left of a kept set when a typed code is taken out; nil when it is none of them.
    func left(of hashes: [UInt8], without typed: String) -> [UInt8]? {
        let wanted = digest(typed)
        var left: [UInt8] = []
        var isFound = false
        for digest in RecoveryCodes.digests(hashes) {
            // Every one is compared, whichever it is.
            if constantTimeEqual(digest, wanted), !isFound { isFound = true } else { left += digest }
        }
        return isFound ? left : nil
    }

    /// How many codes a kept set has left.
    public static func count(_ hashes: [UInt8]) -> Int { hashes.count / digestBytes }

    private func digest(_ code: String) -> [UInt8] {
        hash.hash(purpose: "recovery", request: staffID, contactIndex: [], code: RecoveryCodes.normal(code))
    }

    private static func digests(_ hashes: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: hashes.count, by: digestBytes).map { start in
            Array(hashes.dropFirst(start).prefix(digestBytes))
        }
    }

    /// As people type it: any case, with or without hyphens and spaces; O is 0, I and L are 1.
    private static func normal(_ typed: String) -> String {
        let letters = typed.uppercased().unicodeScalars.compactMap { scalar -> Character? in
            switch scalar {
            case " ", "-", "\u{2010}", "\u{2011}", "\u{2013}": nil
            case "O": "0"
            case "I", "L": "1"
            default: Character(scalar)
            }
        }
        return String(letters)
    }

    /// 16 symbols of Crockford's base 32 in groups of four.
    private static func text(_ bytes: [UInt8]) -> String {
        var letters: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                letters.append(symbol(bits >> UInt32(count) & 31))
            }
        }
        let groups = stride(from: 0, to: letters.count, by: 4).map { start in
            String(decoding: letters.dropFirst(start).prefix(4), as: UTF8.self)
        }
        return groups.joined(separator: "-")
    }

    private static func symbol(_ digit: UInt32) -> UInt8 {
        symbols.indices.contains(Int(digit)) ? symbols[Int(digit)] : symbols[0]
    }
}

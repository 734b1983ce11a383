import RefundDomain
public import Vault

/// The files of a batch. Each is for one way of paying; the batch's own account says which are offered.
public enum PayoutForm: String, Sendable, Hashable, CaseIterable {
    /// Every order with what is on the slip, for whoever refunds at an acquirer's own desk.
    case csv
    /// Payee, account and amount of the orders that name an account, for a bank's bulk transfer.
    case bankTransfer = "bank-transfer"
}

/// A file of a batch, ready to be taken.
public struct PayoutFile: Sendable, Hashable {
    /// For example `B20261123-1A2B3C4D.csv`.
    public let name: String
    public let bytes: [UInt8]
}

/// What a file that somebody brings says of itself.
public enum PayoutFileCheck: Sendable, Hashable {
    /// Every byte is as this portal wrote it.
    case genuine(number: String)
    /// It has a signature, and not one that fits its bytes.
    case changed
    /// It has no signature of this portal's kind.
    case unsigned

    /// Holds a file against the keys that it was signed with.
    public init(of bytes: [UInt8], _ keys: Keys) {
        self = PayoutText.check(bytes, keys)
    }
}

/// Writes and checks the text of a batch's file (`docs/guides/manual-channel.md`).
///
/// Comma-separated values (RFC 4180) in UTF-8 with a byte order mark, so that spreadsheets read the Chinese. The first
/// and the last lines begin with `#` and are no orders.
struct PayoutText {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let signatureName = "#signature,HMAC-SHA-256,"
    private static let lineEnd = "\r\n"

    let batch: PayoutBatch
    let headings: [String]
    let rows: [[String]]

    /// The file with its signature, which is over every byte before the line that holds it.
    func signed(_ keys: Keys) -> [UInt8] {
        let total = batch.total.decimal
        let first = ["#batch", batch.number, batch.total.currency.code, String(batch.count), total]
        // Fewer than the batch has where the form cannot say all of them.
        let last = ["#end", batch.number, String(rows.count)]
        let lines = [first, headings] + rows + [last]
        let text = lines.map { $0.map(Self.cell).joined(separator: ",") + Self.lineEnd }.joined()
        let bytes = Self.mark + Array(text.utf8)
        return bytes + Array((Self.signatureName + Self.signature(of: bytes, keys) + Self.lineEnd).utf8)
    }

    static func check(_ bytes: [UInt8], _ keys: Keys) -> PayoutFileCheck {
        let name = Array(signatureName.utf8)
        guard bytes.starts(with: mark), let start = bytes.lastIndex(of: UInt8(ascii: "#")),
            bytes[start...].starts(with: name)
        else { return .unsigned }
        let signed = Array(bytes[..<start])
        let wanted = Array((signature(of: signed, keys) + lineEnd).utf8)
        guard constantTimeEqual(Array(bytes[start...].dropFirst(name.count)), wanted),
            let number = number(in: signed)
        else { return .changed }
        return .genuine(number: number)
    }

    private static func number(in bytes: [UInt8]) -> String? {
        let line = bytes.dropFirst(mark.count).prefix { $0 != UInt8(ascii: "\r") }
        let cells = String(decoding: line, as: UTF8.self).split(separator: ",")
        return cells.first == "#batch" ? cells.dropFirst().first.map { String($0) } : nil
    }

    private static func signature(of bytes: [UInt8], _ keys: Keys) -> String {
        Hex.encode(Digest.hmacSHA256(key: keys.batchKey.bytes, message: bytes))
    }

    /// A value as a cell. Spreadsheets run what begins like a formula, so that an apostrophe goes before it; line ends
    /// and other controls become spaces.
    static func cell(_ value: String) -> String {
        let plain = String(
            String.UnicodeScalarView(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        let start = plain.first { $0 != " " }
        let safe = start.map { formulaStarts.contains($0) } == true ? "'" + plain : plain
        guard safe.contains(where: { $0 == "," || $0 == "\"" }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    private static let formulaStarts: Set<Character> = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"]
}

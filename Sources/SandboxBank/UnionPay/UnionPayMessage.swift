import Foundation
import Vault

/// The fields of one message of UnionPay's gateway, as the bank reads and writes them.
struct UnionPayMessage: Sendable {
    var fields: [String: String]

    /// Reads a form; nil for a field given twice or an escape that stands for nothing.
    init?(form body: [UInt8]) {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        fields = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = parts.first.map(String.init), fields[name] == nil,
                let value = String(parts[1]).replacing("+", with: " ").removingPercentEncoding
            else { return nil }
            fields[name] = value
        }
    }

    init(_ fields: [String: String]) {
        self.fields = fields.filter { !$0.value.isEmpty }
    }

    /// What both sides sign: the digest of all fields but the signature, sorted, in hexadecimal digits.
    var signedText: [UInt8] {
        let text = fields.filter { $0.key != "signature" && !$0.value.isEmpty }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }
            .joined(separator: "&")
        return Array(Hex.encode(Digest.sha256(text)).utf8)
    }

    /// The body of an answer: nothing is encoded, line ends of a certificate included.
    var answer: [UInt8] {
        Array(sorted.map { "\($0.key)=\($0.value)" }.joined(separator: "&").utf8)
    }

    /// The body of a notice: a form.
    var form: [UInt8] {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._*")
        let pairs = sorted.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")" }
        return Array(pairs.joined(separator: "&").utf8)
    }

    private var sorted: [(key: String, value: String)] {
        fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

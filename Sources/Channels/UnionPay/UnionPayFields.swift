import Vault

extension UnionPay {
    /// The named values of one message, which is what is signed, sent and answered.
    struct Fields: Sendable, Hashable {
        private var values: [String: String]

        /// More fields than any message of the channel has.
        static let countMax = 128

        init(_ values: [String: String]) {
            self.values = values
        }

        /// Reads an answer: `name=value&name=value`, values as they are.
        ///
        /// Nothing is decoded: a signature's `+` and a certificate's line ends count as they came.
        init?(answer bytes: [UInt8]) {
            self.init(bytes) { String(validating: $0, as: UTF8.self) }
        }

        /// Reads a notice, a form whose names and values are percent-encoded once.
        init?(form bytes: [UInt8]) {
            self.init(bytes) { FormText.decode($0) }
        }

        /// Nil for a name given twice, since nobody can say which value counts, and for anything that is no list of
        /// named values.
        private init?(_ bytes: [UInt8], _ text: (ArraySlice<UInt8>) -> String?) {
            let pieces = bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
            guard pieces.count <= Self.countMax else { return nil }
            var values: [String: String] = [:]
            for piece in pieces {
                guard let mark = piece.firstIndex(of: UInt8(ascii: "=")), let name = text(piece[..<mark]),
                    let value = text(piece[(mark + 1)...]), Self.isName(name), values[name] == nil
                else { return nil }
                values[name] = value
            }
            self.values = values
        }

        /// A value; nil when it is absent or empty, which the channel takes for the same.
        subscript(name: String) -> String? {
            get {
                guard let value = values[name], !value.isEmpty else { return nil }
                return value
            }
            set { values[name] = newValue }
        }

        /// Takes the values of another message as well.
        mutating func add(_ other: Fields) {
            values.merge(other.values) { $1 }
        }

        /// What is signed: all values that are not empty except the signature, by the names' bytes.
        var signedText: [UInt8] {
            let names = values.keys.filter { $0 != "signature" && self[$0] != nil }
            return Array(sorted(names).map { "\($0)=\(values[$0] ?? "")" }.joined(separator: "&").utf8)
        }

        /// The message as the body of a request.
        var form: [UInt8] {
            let names = values.keys.filter { self[$0] != nil }
            let pairs = sorted(names).map { "\($0)=\(FormText.encode(values[$0] ?? ""))" }
            return Array(pairs.joined(separator: "&").utf8)
        }

        private func sorted(_ names: [String]) -> [String] {
            names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }

        private static func isName(_ text: String) -> Bool {
            (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }
        }
    }
}

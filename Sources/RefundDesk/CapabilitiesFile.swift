public import Foundation
public import RefundDomain

/// Reads `reference/capabilities.tsv`, and files of the same form that are loaded later.
///
/// The first line that is no comment names the columns, in any order; each other one is a row of cells between tabs. An
/// empty cell says nothing. `docs/capabilities.md` lists the columns.
public enum CapabilitiesFile {
    /// Why the file cannot be used.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let file: String
        /// Counted from 1; nil where no single line is at fault.
        public let line: Int?
        /// The column by its name; nil where the whole line is at fault.
        public let column: String?
        public let reason: String

        public var description: String {
            let place = [line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap(\.self)
            return ([file] + place).joined(separator: ", ") + ": " + reason
        }
    }

    /// Rows of one file; a country's acquirers with all families of terminals stay far below.
    public static let rowsMax = 2000
    private static let textCharactersMax = 300
    private static let numbersMax = 100

    /// The columns by their names in the file.
    enum Column: String, CaseIterable {
        case channel, acquirer, family, refunds, void, arrival, verified, source
        case merchantNumbers = "merchant_numbers"
        case refundsMax = "most_refunds"
        case gapSeconds = "gap_seconds"
        case windowDays = "window_days"
        case leastMinor = "least_minor"
        case feeReturn = "fee_return"
    }

    /// - Throws: ``Fault`` where it cannot be read; as ``parse(_:name:)``.
    public static func read(_ path: String) throws(Fault) -> Capabilities {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Fault(file: path, line: nil, column: nil, reason: "it cannot be read")
        }
        return try parse(data, name: path)
    }

    /// - Throws: ``Fault`` with line and column for a value that is missing, unknown or out of bounds, for two rows
    ///   that speak of the same payments, and for a file without rows.
    public static func parse(_ data: Data, name: String) throws(Fault) -> Capabilities {
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw Fault(file: name, line: nil, column: nil, reason: "it is no UTF-8 text")
        }
        var columns: [Column] = []
        var rows: [CapabilityRow] = []
        var lines: [CapabilityScope: Int] = [:]
        let written = (text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
            .split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in written.enumerated() where !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmed }
            if columns.isEmpty {
                columns = try head(cells, line: index + 1, name)
                continue
            }
            let row = try Cells(file: name, line: index + 1, columns, cells).row()
            let twin = lines.updateValue(index + 1, forKey: row.scope)
            if let twin {
                throw Fault(
                    file: name, line: index + 1, column: nil, reason: "speaks of the same payments as line \(twin)")
            }
            rows.append(row)
            guard rows.count <= rowsMax else {
                throw Fault(file: name, line: index + 1, column: nil, reason: "more than \(rowsMax) rows")
            }
        }
        guard !rows.isEmpty else { throw Fault(file: name, line: nil, column: nil, reason: "it has no row") }
        try checkAcquirers(rows, lines, name)
        return Capabilities(rows: rows)
    }

    private static func head(_ cells: [String], line: Int, _ name: String) throws(Fault) -> [Column] {
        var columns: [Column] = []
        for cell in cells {
            guard let column = Column(rawValue: cell) else {
                throw Fault(file: name, line: line, column: cell, reason: "there is no such column")
            }
            guard !columns.contains(column) else {
                throw Fault(file: name, line: line, column: cell, reason: "is there twice")
            }
            columns.append(column)
        }
        for column in [Column.channel, .verified, .source] where !columns.contains(column) {
            throw Fault(file: name, line: line, column: column.rawValue, reason: "is missing")
        }
        return columns
    }

    /// A merchant number tells one acquirer, and an acquirer has the same numbers in each of its rows.
    private static func checkAcquirers(
        _ rows: [CapabilityRow], _ lines: [CapabilityScope: Int], _ name: String
    ) throws(Fault) {
        var known: [Acquirer] = []
        for row in rows {
            guard let acquirer = row.scope.acquirer, !known.contains(acquirer) else { continue }
            let clash = known.first { other in
                other.name == acquirer.name
                    || other.numbers.contains { number in
                        acquirer.numbers.contains { $0.hasPrefix(number) || number.hasPrefix($0) }
                    }
            }
            if let clash {
                let reason =
                    clash.name == acquirer.name
                    ? "\(acquirer.name) has other numbers in another row" : "numbers of \(clash.name) begin alike"
                let column = Column.merchantNumbers.rawValue
                throw Fault(file: name, line: lines[row.scope], column: column, reason: reason)
            }
            known.append(acquirer)
        }
    }

    /// The cells of one line.
    private struct Cells {
        private let file: String
        private let line: Int
        private let values: [Column: String]

        init(file: String, line: Int, _ columns: [Column], _ cells: [String]) throws(Fault) {
            self.file = file
            self.line = line
            guard cells.count <= columns.count else {
                throw Fault(
                    file: file, line: line, column: nil, reason: "has \(cells.count) cells, not \(columns.count)")
            }
            values = Dictionary(uniqueKeysWithValues: zip(columns, cells).filter { !$0.1.isEmpty })
        }

        func row() throws(Fault) -> CapabilityRow {
            guard let channel: Channel = try word(.channel) else { throw fault(.channel, "is missing") }
            var said = CapabilityValues()
            said.refunds = try word(.refunds)
            said.refundsMax = try number(.refundsMax, 1...1000)
            said.gapSeconds = try number(.gapSeconds, 0...86_400)
            said.windowDays = try number(.windowDays, 1...3650)
            said.leastMinor = try number(.leastMinor, 1...1_000_000_000)
            said.feeReturn = try word(.feeReturn)
            said.void = try word(.void)
            said.arrival = try arrival()
            if said.void == .sameUnionPayDay, channel != .unionPay {
                throw fault(.void, "only UnionPay can call a payment off")
            }
            guard said != CapabilityValues() else {
                throw Fault(file: file, line: line, column: nil, reason: "says nothing")
            }
            guard let source = values[.source], isText(source) else { throw fault(.source, "must say who says so") }
            let scope = CapabilityScope(channel: channel, acquirer: try acquirer(), family: try word(.family))
            return CapabilityRow(scope: scope, values: said, source: source, isVerified: try verified())
        }

        private func acquirer() throws(Fault) -> Acquirer? {
            let numbers = (values[.merchantNumbers] ?? "").split(separator: " ").map(String.init)
            guard let name = values[.acquirer] else {
                guard numbers.isEmpty else { throw fault(.acquirer, "is missing, and there are merchant numbers") }
                return nil
            }
            guard isText(name) else { throw fault(.acquirer, "is too long") }
            guard (1...numbersMax).contains(numbers.count) else {
                throw fault(.merchantNumbers, "must say with what the acquirer’s merchant numbers begin")
            }
            for number in numbers {
                let isNumber = number.utf8.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                }
                guard isNumber, (3...32).contains(number.utf8.count) else {
                    throw fault(.merchantNumbers, "“\(number)” is no beginning of 3 to 32 letters and digits")
                }
            }
            return Acquirer(name: name, numbers: numbers.sorted())
        }

        private func arrival() throws(Fault) -> ClosedRange<Int>? {
            guard let text = values[.arrival] else { return nil }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int(String($0)) }
            guard ends.count == 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0,
                first <= last, last <= WorkingDays.countMax, "\(first)-\(last)" == text
            else { throw fault(.arrival, "“\(text)” is no span of working days like 1-10") }
            return first...last
        }

        private func verified() throws(Fault) -> Bool {
            switch values[.verified] {
            case "yes": true
            case "no": false
            default: throw fault(.verified, "must be yes or no")
            }
        }

        private func word<Word: RawRepresentable<String> & CaseIterable>(_ column: Column) throws(Fault) -> Word? {
            guard let text = values[column] else { return nil }
            guard let word = Word(rawValue: text) else {
                let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw fault(column, "“\(text)” is none of \(known)")
            }
            return word
        }

        private func number(_ column: Column, _ bounds: ClosedRange<Int64>) throws(Fault) -> Int64? {
            guard let text = values[column] else { return nil }
            guard let number = Int64(text), String(number) == text, bounds.contains(number) else {
                throw fault(column, "“\(text)” is no number from \(bounds.lowerBound) to \(bounds.upperBound)")
            }
            return number
        }

        private func isText(_ text: String) -> Bool { text.count <= textCharactersMax }

        private func fault(_ column: Column, _ reason: String) -> Fault {
            Fault(file: file, line: line, column: column.rawValue, reason: reason)
        }
    }
}

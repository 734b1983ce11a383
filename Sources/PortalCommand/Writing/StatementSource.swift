import RefundDesk
import RefundDomain
import Statements

/// A command's input as a statement that the desk can import.
struct StatementSource: Sendable {
    /// Bytes between two signs of progress.
    private static let progressStep: Int64 = 1024 * 1024

    private let input: CommandInput
    private let format: StatementFormat
    private let currency: Currency
    private let today: Day
    private let tellsOfRefunds: Bool

    /// Looks at the first line.
    ///
    /// - Parameters:
    ///   - code: the merchant whose statement it is.
    ///   - name: the format's name; nil to recognise it.
    /// - Throws: ``CommandFailure`` for an unknown merchant or format; ``StatementFault`` when it is no statement.
    init(_ input: CommandInput, of code: String, format name: String?, _ office: Office) async throws {
        let wanted = try name.map { name throws(CommandFailure) in
            guard let format = StatementFormat(rawValue: name) else {
                throw CommandFailure(.badData, "\(name) is no format of statements.")
            }
            return format
        }
        guard let merchant = try await office.desk.merchants().first(where: { $0.code == code }) else {
            throw CommandFailure(.badData, "There is no merchant \(code). `merchant list` names them.")
        }
        self.input = input
        currency = merchant.currency
        // The clock that UnionPay's files are written by.
        today = LocalTime(office.desk.clock(), secondsAheadOfUTC: 8 * 3600).day
        let reader = try StatementReader(input.source(), format: wanted, currency: currency, today: today)
        format = reader.format
        tellsOfRefunds = reader.tellsOfRefunds
    }

    /// What the desk reads, as often as it needs; the first reading is told as progress.
    func imported(progress report: @escaping CommandReport) throws -> ImportSource {
        ImportSource(format: format.rawValue, tellsOfRefunds: tellsOfRefunds) {
            let reader = try StatementReader(counted(report), format: format, currency: currency, today: today)
            let walk = StatementWalk(reader)
            return walk.next
        }
    }

    private func counted(_ report: @escaping CommandReport) throws -> ByteSource {
        let source = try input.source()
        let total = input.size
        var done: Int64 = 0
        var told: Int64 = 0
        return ByteSource { buffer in
            let count = try source.read(buffer)
            done += Int64(count)
            if done - told >= Self.progressStep {
                told = done
                report(.progress(done: done, total: total))
            }
            return count
        }
    }
}

/// One reading of a statement; a class because a reader can neither be copied nor kept in a closure.
private final class StatementWalk {
    private var reader: StatementReader

    init(_ reader: consuming StatementReader) {
        self.reader = reader
    }

    func next() throws -> ImportItem? {
        switch try reader.next() {
        case nil: nil
        case .row(let row): .row(row)
        case .fault(let fault): .bad(BadLine(line: fault.line, sentence: fault.description))
        }
    }
}

extension CommandInput {
    /// The input from its start.
    fileprivate func source() throws -> ByteSource {
        switch self {
        case .bytes(let bytes): return .bytes(bytes)
        case .file(let file):
            try file.rewind()
            // The source keeps the file open.
            let source = ByteSource.descriptor(file.descriptor)
            return ByteSource { buffer in try withExtendedLifetime(file) { try source.read(buffer) } }
        }
    }
}

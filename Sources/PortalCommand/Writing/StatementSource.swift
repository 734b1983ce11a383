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

    /// Looks at the first line.
    ///
    /// - Throws: ``StatementFault`` when it is that of no statement.
    init(_ input: CommandInput, format: StatementFormat?, currency: Currency, now: Moment) throws {
        self.input = input
        self.currency = currency
        // The clock that UnionPay's files are written by.
        today = LocalTime(now, secondsAheadOfUTC: 8 * 3600).day
        self.format = try StatementReader(input.source(), format: format, currency: currency, today: today).format
    }

    /// What the desk reads, as often as it needs; the first reading is told as progress.
    func imported(progress report: @escaping CommandReport) throws -> ImportSource {
        ImportSource(format: format.rawValue) {
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

import CLibPQ
import Foundation
import Storage

/// The rows of one statement, in libpq's binary form, freed with this value.
final class PostgresAnswer {
    private let result: OpaquePointer
    private let columns: [String]
    private let types: [Oid]

    /// Takes over a result that is no error.
    init(_ result: OpaquePointer) {
        self.result = result
        let fields = 0..<PQnfields(result)
        columns = fields.map { PQfname(result, $0).map { String(cString: $0) } ?? "" }
        types = fields.map { PQftype(result, $0) }
    }

    deinit {
        PQclear(result)
    }

    /// How many rows the answer has.
    var rowCount: Int32 { PQntuples(result) }

    /// How many rows a statement inserted, changed or deleted.
    var changedCount: Int {
        guard let tag = PQcmdStatus(result), !String(cString: tag).hasPrefix("SELECT"), let count = PQcmdTuples(result)
        else { return 0 }
        return Int(String(cString: count)) ?? 0
    }

    /// Whether the server ended the transaction without keeping it, which a `COMMIT` after an error does.
    var isRollback: Bool {
        PQcmdStatus(result).map { String(cString: $0) == "ROLLBACK" } ?? false
    }

    /// A row from 0 on.
    ///
    /// - Throws: ``StoreFault/wrongKind(_:)`` for a type that no column of ours has.
    func row(_ number: Int32) throws(StoreFault) -> SQLRow {
        var values: [SQLValue] = []
        values.reserveCapacity(columns.count)
        for index in columns.indices { values.append(try value(number, index)) }
        return SQLRow(columns: columns, values: values)
    }

    private func value(_ row: Int32, _ index: Int) throws(StoreFault) -> SQLValue {
        let column = Int32(index)
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        switch types[index] {
        case TypeID.bool: return .int(bytes.first == 1 ? Int64(1) : 0)
        case TypeID.int2, TypeID.int4, TypeID.int8: return .int(BigEndian.signed(bytes))
        case TypeID.text, TypeID.varchar, TypeID.name, TypeID.unknown:
            return .text(String(decoding: bytes, as: UTF8.self))
        case TypeID.bytea: return .bytes([UInt8](bytes))
        case TypeID.numeric:
            // What SUM makes of BIGINT; a sum that is no whole number of 64 bits must not pass for money.
            guard let number = WholeNumeric.read(bytes) else { throw .wrongKind(columns[index]) }
            return .int(number)
        default: throw .wrongKind(columns[index])
        }
    }
}

/// Types of PostgreSQL that have the same number everywhere (`pg_type.dat`).
private enum TypeID {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let unknown: Oid = 705
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
}

/// Numbers as they travel: the most significant byte first.
enum BigEndian {
    /// A signed number of up to eight bytes.
    static func signed(_ bytes: some Collection<UInt8>) -> Int64 {
        var number: Int64 = bytes.first.map { $0 >= 128 ? -1 : 0 } ?? 0
        for byte in bytes { number = number << 8 | Int64(byte) }
        return number
    }
}

/// `NUMERIC` in binary: count of digits, weight of the first, sign, digits behind the point, then digits to base
/// 10,000, two bytes each.
enum WholeNumeric {
    private static let headerBytes = 8
    private static let base: Int64 = 10_000

    /// The number when it is whole and fits 64 bits.
    static func read(_ bytes: some Collection<UInt8>) -> Int64? {
        func short(_ place: Int) -> Int64 { BigEndian.signed(bytes.dropFirst(2 * place).prefix(2)) }
        guard bytes.count >= headerBytes else { return nil }
        let (count, weight, sign) = (short(0), short(1), short(2))
        guard sign == 0 || sign == 0x4000, bytes.count == headerBytes + 2 * Int(count), count <= weight + 1 else {
            return nil
        }
        var number: Int64 = 0
        for place in 0..<(count == 0 ? 0 : weight + 1) {
            let digit = place < count ? short(4 + Int(place)) : 0
            let (shifted, overflow) = number.multipliedReportingOverflow(by: base)
            // Towards the sign from the start: the lowest number has no opposite.
            let (next, carried) = shifted.addingReportingOverflow(sign == 0 ? digit : -digit)
            guard !overflow, !carried else { return nil }
            number = next
        }
        return number
    }
}

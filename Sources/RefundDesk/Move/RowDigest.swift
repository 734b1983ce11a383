import Storage
import Vault

/// How many rows there are and what they hold, the same whatever their order.
///
/// Each row is hashed whole and the hashes are added up, so that parts of a table can be counted one after the other.
/// It notices what got lost or changed on the way; whoever means harm is the audit chain's business.
struct RowDigest: Sendable, Hashable {
    var rows: Int64 = 0
    /// The sum, around the end of 64 bits, of the first 64 bits of each row's SHA-256.
    var sum: Int64 = 0

    mutating func add(_ row: SQLRow) {
        add(row.values)
    }

    mutating func add(_ values: [SQLValue]) {
        rows += 1
        sum &+= Digest.sha256(Self.encoded(values)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// The values one after the other, each with its kind and length in front, so that no two rows read alike.
    static func encoded(_ values: [SQLValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        for value in values {
            switch value {
            case .null: bytes.append(0)
            case .int(let number):
                bytes.append(1)
                append(number, to: &bytes)
            case .text(let text):
                bytes.append(2)
                append(Int64(text.utf8.count), to: &bytes)
                bytes += text.utf8
            case .bytes(let content):
                bytes.append(3)
                append(Int64(content.count), to: &bytes)
                bytes += content
            }
        }
        return bytes
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        for shift in stride(from: Int64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

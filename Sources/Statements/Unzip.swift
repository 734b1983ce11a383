import CZlib

/// Finds the one statement in a ZIP archive and gives its text as it is read.
///
/// The archive is read once and from its start, so that it may come through a pipe and costs no more memory than a
/// block. Its members are taken in the order in which they stand; the directory at its end must tell of the same ones,
/// so that an archive that was cut off or put together from two is refused.
final class Unzip {
    /// What an archive begins with: a member, or its end where it has none.
    static let magics = [Array("PK\u{3}\u{4}".utf8), Array("PK\u{5}\u{6}".utf8)]
    /// Members of one archive; Alipay's and UnionPay's have fewer than 10.
    static let membersMax = 64

    private var input: PackedInput
    private let inflation: Inflation
    /// The member that is being read; nil between two.
    private var current: ZipMember?
    private var found = ZipSizes()
    private var dataEnded = false
    private var done: [Listed] = []
    private var hasStatement = false
    private var isAtEnd = false

    /// A member as both ends of the archive must have it.
    private struct Listed: Hashable {
        let name: [UInt8]
        let sum: UInt32
        let plain: UInt32
    }

    private init(_ source: ByteSource) throws {
        input = PackedInput(source)
        guard let inflation = Inflation(.none) else { throw StatementFault.damagedZip }
        self.inflation = inflation
    }

    /// The text of the one statement in the archive.
    static func source(_ packed: ByteSource) throws -> ByteSource {
        let unzip = try Unzip(packed)
        return ByteSource { try unzip.read(into: $0) }
    }

    /// Gives the statement's bytes, then reads the rest of the archive before it says that this was the end.
    private func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        while !isAtEnd {
            if current == nil {
                try nextPart()
            } else if let count = try piece(into: output) {
                return count
            }
        }
        return 0
    }

    /// Goes to the next member that may be a statement, or through the directory to the end.
    private func nextPart() throws {
        while true {
            switch ZipSignature(rawValue: ZipFields(try input.bytes(4)).word(at: 0)) {
            case .member:
                guard done.count < Self.membersMax else { throw StatementFault.tooManyMembers(max: Self.membersMax) }
                let member = try ZipMember(&input)
                begin(member)
                guard member.mayBeStatement else {
                    try passMember()
                    continue
                }
                guard !hasStatement else { throw StatementFault.severalInZip }
                hasStatement = true
                return
            case .directory: return try directory()
            case .end where done.isEmpty: throw StatementFault.emptyZip
            case .end, .longEnd, .longEndPlace, .descriptor, nil: throw StatementFault.damagedZip
            }
        }
    }

    private func begin(_ member: ZipMember) {
        current = member
        found = ZipSizes()
        dataEnded = false
    }

    private func passMember() throws {
        var scratch = [UInt8](repeating: 0, count: ByteSource.blockBytes)
        while current != nil {
            _ = try scratch.withUnsafeMutableBytes { try piece(into: $0) }
        }
    }

    /// Some bytes of the current member; nil when it has ended as it should.
    private func piece(into output: UnsafeMutableRawBufferPointer) throws -> Int? {
        guard let member = current else { return nil }
        while !dataEnded {
            let count =
                switch member.method {
                case .stored: try storedPiece(member, output)
                case .deflated: try inflatedPiece(member, output)
                }
            guard count > 0 else { continue }
            try input.wrote(count)
            found.plain += UInt64(count)
            found.sum = UInt32(
                truncatingIfNeeded: crc32(
                    UInt(found.sum), output.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(count)))
            return count
        }
        let stated = try member.hasDescriptor ? member.descriptor(&input) : member.stated
        guard stated == found else { throw StatementFault.damagedZip }
        done.append(Listed(name: member.name, sum: found.sum, plain: UInt32(clamping: found.plain)))
        guard inflation.reset() else { throw StatementFault.damagedZip }
        current = nil
        return nil
    }

    private func storedPiece(_ member: ZipMember, _ output: UnsafeMutableRawBufferPointer) throws -> Int {
        let left = member.stated.packed - found.packed
        dataEnded = left == 0
        guard !dataEnded else { return 0 }
        let count = try input.pass(max: left) { bytes in
            let count = min(bytes.count, output.count)
            output.copyBytes(from: bytes.prefix(count))
            return (count, count)
        }
        found.packed += UInt64(count)
        return count
    }

    private func inflatedPiece(_ member: ZipMember, _ output: UnsafeMutableRawBufferPointer) throws -> Int {
        let left = member.hasDescriptor ? UInt64.max : member.stated.packed - found.packed
        let inflation = inflation
        let step = try input.pass(max: left) { bytes in
            guard let step = inflation.step(bytes, into: output) else { throw StatementFault.damagedZip }
            return (step.used, step)
        }
        // All of its bytes are used and it has not ended.
        guard step.isEnd || step.used > 0 || step.written > 0 else { throw StatementFault.damagedZip }
        found.packed += UInt64(step.used)
        dataEnded = step.isEnd
        return step.written
    }

    /// Reads the directory, whose first signature has been read, and what ends the archive.
    private func directory() throws {
        var listed: [Listed] = []
        var signature: ZipSignature? = .directory
        while signature == .directory {
            guard listed.count < done.count else { throw StatementFault.damagedZip }
            let header = ZipFields(try input.bytes(42))
            let name = try input.bytes(Int(header.short(at: 24)))
            _ = try input.bytes(Int(header.short(at: 26)) + Int(header.short(at: 28)))
            listed.append(Listed(name: name, sum: header.word(at: 12), plain: header.word(at: 20)))
            signature = ZipSignature(rawValue: ZipFields(try input.bytes(4)).word(at: 0))
        }
        guard Set(listed) == Set(done), listed.count == done.count else { throw StatementFault.damagedZip }
        try end(signature)
        guard hasStatement else { throw StatementFault.emptyZip }
        isAtEnd = true
    }

    private func end(_ first: ZipSignature?) throws {
        var signature = first
        if signature == .longEnd {
            let size = ZipFields(try input.bytes(8)).long(at: 0)
            guard size <= Self.longEndBytesMax else { throw StatementFault.damagedZip }
            _ = try input.bytes(Int(size) + 4 + Self.longEndPlaceBytes)
            signature = ZipSignature(rawValue: ZipFields(try input.bytes(4)).word(at: 0))
        }
        guard signature == .end else { throw StatementFault.damagedZip }
        let fields = ZipFields(try input.bytes(18))
        guard Int(fields.short(at: 6)) == done.count else { throw StatementFault.damagedZip }
        _ = try input.bytes(Int(fields.short(at: 16)))
        guard try input.isAtEnd() else { throw StatementFault.damagedZip }
    }

    /// The record that ends a large archive, in bytes (4.3.14), and the one that says where that is (4.3.15).
    private static let longEndBytesMax: UInt64 = 4096
    private static let longEndPlaceBytes = 16
}

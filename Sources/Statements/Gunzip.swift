/// Inflates gzip (RFC 1952) as it is read; several members one after another count as one file.
final class Gunzip {
    /// The two bytes that every gzip file begins with, and the number of its only method.
    static let magic: [UInt8] = [0x1F, 0x8B, 8]

    private let source: ByteSource
    private let inflation: Inflation
    private var input = [UInt8](repeating: 0, count: ByteSource.blockBytes)
    private var waiting = 0..<0
    private var ended = false
    private var betweenMembers = false
    private var expansion = Expansion()

    /// - Throws: ``StatementFault/damagedGzip`` when zlib cannot start.
    init(_ source: ByteSource) throws {
        self.source = source
        guard let inflation = Inflation(.gzip) else { throw StatementFault.damagedGzip }
        self.inflation = inflation
    }

    /// The inflated bytes as a source.
    static func source(_ packed: ByteSource) throws -> ByteSource {
        let gunzip = try Gunzip(packed)
        return ByteSource { try gunzip.read(into: $0) }
    }

    private func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if waiting.isEmpty, !ended { try refill() }
            if betweenMembers {
                guard !waiting.isEmpty else { return 0 }
                guard inflation.reset() else { throw StatementFault.damagedGzip }
                betweenMembers = false
            }
            let produced = try inflateOnce(output)
            if produced > 0 { return produced }
            if ended, waiting.isEmpty, !betweenMembers { throw StatementFault.truncatedGzip }
        }
    }

    private func refill() throws {
        let count = try input.withUnsafeMutableBytes { try source.fill($0) }
        ended = count < input.count
        waiting = 0..<count
        expansion.read(count)
    }

    /// One call of zlib, on what is waiting; the number of bytes it wrote.
    private func inflateOnce(_ output: UnsafeMutableRawBufferPointer) throws -> Int {
        let range = waiting
        let step = input.withUnsafeMutableBytes { bytes in
            inflation.step(UnsafeMutableRawBufferPointer(rebasing: bytes[range]), into: output)
        }
        guard let step else { throw StatementFault.damagedGzip }
        waiting = (range.lowerBound + step.used)..<range.upperBound
        if step.isEnd { betweenMembers = true }
        try expansion.wrote(step.written)
        return step.written
    }
}

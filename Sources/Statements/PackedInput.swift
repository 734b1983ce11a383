/// The bytes of an archive, read once from its start, with what is left of the last block.
struct PackedInput {
    private let source: ByteSource
    private var block = [UInt8](repeating: 0, count: ByteSource.blockBytes)
    private var waiting = 0..<0
    private var ended = false
    private(set) var expansion = Expansion()

    init(_ source: ByteSource) {
        self.source = source
    }

    /// Whether nothing is left.
    mutating func isAtEnd() throws -> Bool {
        try fetch() == 0
    }

    /// Exactly so many bytes.
    ///
    /// - Throws: ``StatementFault/truncatedZip`` when there are fewer.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            guard try fetch() > 0 else { throw StatementFault.truncatedZip }
            let piece = block[waiting].prefix(count - result.count)
            result += piece
            waiting = piece.endIndex..<waiting.upperBound
        }
        return result
    }

    /// Lets `use` look at what is waiting, at most `max` bytes of it, and passes as many as it says.
    ///
    /// - Throws: ``StatementFault/truncatedZip`` when nothing is left and something may still come; what `use` throws.
    mutating func pass<Result>(
        max: UInt64, _ use: (UnsafeMutableRawBufferPointer) throws -> (passed: Int, result: Result)
    ) throws -> Result {
        guard try max == 0 || fetch() > 0 else { throw StatementFault.truncatedZip }
        let range = waiting.prefix(Int(min(max, UInt64(waiting.count))))
        let (passed, result) = try block.withUnsafeMutableBytes { bytes in
            try use(UnsafeMutableRawBufferPointer(rebasing: bytes[range]))
        }
        waiting = (waiting.lowerBound + min(passed, range.count))..<waiting.upperBound
        return result
    }

    /// Counts bytes that came out of the packing.
    mutating func wrote(_ count: Int) throws {
        try expansion.wrote(count)
    }

    /// How many bytes are waiting, after reading more where none are; 0 means the end.
    private mutating func fetch() throws -> Int {
        if waiting.isEmpty, !ended {
            let count = try block.withUnsafeMutableBytes { try source.fill($0) }
            ended = count < block.count
            waiting = 0..<count
            expansion.read(count)
        }
        return waiting.count
    }
}

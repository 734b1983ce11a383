import Vault

/// What happened in a run, a line a step. All lines are in the hash; the last ones are kept to be read.
struct Trace {
    /// How many lines a failure shows.
    private static let tailLines = 60
    private static let linesAfterFault = 5

    /// The last lines, or those around the first thing that went wrong.
    private(set) var tail: [String] = []
    private var linesAfterFault: Int?
    private var digest: [UInt8] = []

    /// A digest over all lines: two runs with the same hash did the same.
    var hash: String { Hex.encode(Array(digest.prefix(8))) }

    mutating func add(_ line: String) {
        digest = Digest.sha256(digest + Array(line.utf8))
        if let left = linesAfterFault {
            guard left > 0 else { return }
            linesAfterFault = left - 1
        }
        if tail.count == Trace.tailLines { tail.removeFirst() }
        tail.append(line)
    }

    /// Keeps the lines that led here, and a few more.
    mutating func noteFault() {
        linesAfterFault = linesAfterFault ?? Trace.linesAfterFault
    }
}

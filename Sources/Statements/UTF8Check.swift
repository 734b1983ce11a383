/// How far bytes are well-formed UTF-8 (RFC 3629).
struct UTF8Check: Hashable {
    enum End: Hashable {
        /// All of them are.
        case complete
        /// The last sequence is cut off; more bytes may complete it.
        case incomplete
        /// The bytes that follow cannot be UTF-8.
        case bad
    }

    /// How many bytes from the start are whole, well-formed sequences.
    let good: Int
    let end: End

    init(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        let count = bytes.count
        while at < count {
            if at + 8 <= count, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                at += 8
                continue
            }
            guard let length = Self.length(bytes[at]) else { break }
            let have = min(length, count - at)
            guard Self.continues(bytes, at, have) else { break }
            guard have == length else {
                good = at
                end = .incomplete
                return
            }
            at += length
        }
        good = at
        end = at == count ? .complete : .bad
    }

    /// How many bytes a sequence with this first byte has; nil when none begins so.
    private static func length(_ first: UInt8) -> Int? {
        switch first {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// Whether the bytes after the first one fit it: no overlong form, no surrogate, nothing above U+10FFFF.
    private static func continues(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ have: Int) -> Bool {
        guard have > 1 else { return true }
        let second: ClosedRange<UInt8> =
            switch bytes[at] {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        guard second.contains(bytes[at + 1]) else { return false }
        return bytes[(at + 2)..<max(at + have, at + 2)].allSatisfy { (0x80...0xBF).contains($0) }
    }
}

/// A short name for content: the same bytes always have the same name, other bytes almost surely another.
///
/// FNV-1a with 64 bits (draft-eastlake-fnv). It names our own pages and assets and protects nothing.
enum ContentHash {
    static func name(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let text = String(hash, radix: 36)
        return String(repeating: "0", count: max(0, 13 - text.count)) + text
    }
}

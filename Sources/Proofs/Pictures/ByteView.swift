/// Numbers and words at places in outside bytes; nil where the bytes end.
struct ByteView: Sendable {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    private init(slice: ArraySlice<UInt8>) {
        bytes = slice
    }

    var count: Int { bytes.count }

    /// A number whose first byte counts most.
    func big(_ offset: Int, bytes count: Int) -> Int64? {
        number(offset, count)?.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// A number whose last byte counts most.
    func little(_ offset: Int, bytes count: Int) -> Int64? {
        number(offset, count)?.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Four letters.
    func word(_ offset: Int) -> String? {
        number(offset, 4).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a range, as far as there are any.
    func part(_ range: Range<Int>) -> ByteView {
        ByteView(slice: bytes.dropFirst(max(range.lowerBound, 0)).prefix(max(range.count, 0)))
    }

    private func number(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count <= 7, offset <= bytes.count - count else { return nil }
        return bytes.dropFirst(offset).prefix(count)
    }
}

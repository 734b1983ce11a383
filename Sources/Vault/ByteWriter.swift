/// Writes fields so that no two different lists of fields give the same bytes: each has its length before it.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// A number, big-endian, without a length.
    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// A field with its length in four bytes before it.
    mutating func write(field: [UInt8]) {
        write(UInt32(clamping: field.count))
        bytes += field
    }

    /// A text as UTF-8 with its length before it.
    mutating func write(field: String) {
        write(field: Array(field.utf8))
    }
}

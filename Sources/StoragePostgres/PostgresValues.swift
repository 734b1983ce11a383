import Storage

/// The values of one statement as libpq takes them: text, but bytes as they are; every type is left to the server.
///
/// A statement then means the same whichever kinds of values it was prepared with.
struct PostgresValues {
    /// All values one after the other, each text with the zero byte that ends it.
    private var storage: [CChar] = []
    /// Where each value begins; nil for `NULL`.
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws(StoreFault) {
        for value in values {
            switch value {
            case .null: add(nil, isText: true)
            case .int(let number): add(Array(String(number).utf8), isText: true)
            case .text(let text):
                let bytes = Array(text.utf8)
                // libpq would cut the text there.
                if bytes.contains(0) { throw .other("text with a NUL character") }
                add(bytes, isText: true)
            case .bytes(let bytes): add(bytes, isText: false)
            }
        }
    }

    private mutating func add(_ bytes: [UInt8]?, isText: Bool) {
        starts.append(bytes == nil ? nil : storage.count)
        lengths.append(Int32(bytes?.count ?? 0))
        formats.append(isText ? 0 : 1)
        if let bytes {
            storage.append(contentsOf: bytes.lazy.map { CChar(bitPattern: $0) })
            storage.append(0)
        }
    }

    /// Hands over what libpq's functions take: the count, the values, their lengths and formats.
    func withPointers<T>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
    ) -> T {
        storage.withUnsafeBufferPointer { storage in
            let pointers = starts.map { start in
                start.flatMap { start in storage.baseAddress.map { UnsafePointer($0 + start) } }
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(Int32(starts.count), pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}

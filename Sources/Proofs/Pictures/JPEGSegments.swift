/// Walks over the segments before a JPEG's frame header, which says its size (ITU-T T.81, B.1 and B.2.2), in pieces of
/// any length: telephones put megabytes of other things before it.
struct JPEGSegments: Sendable {
    /// A marker, a length and what the frame header begins with.
    private static let frameBytes = 9

    private(set) var size: PictureSize?
    /// Whether there is nothing more to find.
    private(set) var isOver = false
    /// Bytes that are passed over before the next marker; first the start of the image.
    private var skip = 2
    /// What was not enough to read yet.
    private var rest: [UInt8] = []

    /// Takes the next piece.
    mutating func add(_ piece: [UInt8]) {
        guard !isOver else { return }
        let bytes = rest + piece
        let view = ByteView(bytes)
        var at = 0
        while !isOver {
            let step = min(skip, bytes.count - at)
            at += step
            skip -= step
            guard skip == 0, bytes.count - at >= JPEGSegments.frameBytes else { break }
            read(view, at)
        }
        rest = isOver ? [] : Array(bytes.dropFirst(at))
    }

    /// Reads one marker with enough after it.
    private mutating func read(_ bytes: ByteView, _ at: Int) {
        guard bytes.big(at, bytes: 1) == 0xFF, let marker = bytes.big(at + 1, bytes: 1) else { return isOver = true }
        switch marker {
        case 0xFF: skip = 1  // A fill byte.
        case 0x01, 0xD0...0xD8: skip = 2
        case 0xC4, 0xC8, 0xCC, 0xDB...0xDF, 0xE0...0xFE:
            guard let length = bytes.big(at + 2, bytes: 2), length >= 2 else { return isOver = true }
            skip = 2 + Int(length)
        case 0xC0...0xCF:
            isOver = true
            guard let height = bytes.big(at + 5, bytes: 2), let width = bytes.big(at + 7, bytes: 2) else { return }
            size = PictureSize(width: width, height: height)
        default: isOver = true
        }
    }
}

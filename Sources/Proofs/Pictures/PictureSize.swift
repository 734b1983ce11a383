/// How large a picture says it is, in pixels.
public struct PictureSize: Sendable, Hashable {
    /// Pixels from left to right.
    public let width: Int64
    /// Pixels from top to bottom.
    public let height: Int64

    /// A size; both sides are at least one pixel.
    public init?(width: Int64, height: Int64) {
        guard width > 0, height > 0, width <= UInt32.max, height <= UInt32.max else { return nil }
        self.width = width
        self.height = height
    }

    /// Whether decoding it could take more memory or time than a proof is worth.
    public var isTooLarge: Bool {
        max(width, height) > ProofLimits.sideMax || width * height > ProofLimits.pixelsMax
    }

    /// The sides of the larger of two.
    func joined(with other: PictureSize?) -> PictureSize {
        guard let other else { return self }
        return PictureSize(width: max(width, other.width), height: max(height, other.height)) ?? self
    }
}

/// Finds the size of a picture in its own header as it streams by, before anything is decoded: a file of some hundred
/// bytes can claim a billion pixels.
struct PictureSizer: Sendable {
    /// Bytes from the beginning that are looked at for formats whose header is at the beginning.
    static let headBytesMax = 256 * 1024

    private enum Reading {
        case head(ProofMediaType, [UInt8])
        case segments(JPEGSegments)
        case done
    }

    /// The size, once it is known.
    private(set) var size: PictureSize?
    private var reading: Reading

    /// Nil for types that have no size of their own.
    init?(_ type: ProofMediaType) {
        switch type {
        case .jpeg: reading = .segments(JPEGSegments())
        case .png, .webp, .heic: reading = .head(type, [])
        case .pdf: return nil
        }
    }

    /// Takes the next piece.
    mutating func add(_ piece: [UInt8]) {
        switch reading {
        case .done: return
        case .segments(var segments):
            segments.add(piece)
            size = segments.size
            reading = segments.isOver ? .done : .segments(segments)
        case .head(let type, var head):
            head += piece.prefix(PictureSizer.headBytesMax - head.count)
            size = PictureHeader.size(type, ByteView(head))
            // A HEIC has several sizes, the largest of which may come late.
            let isOver = head.count == PictureSizer.headBytesMax || (size != nil && type != .heic)
            reading = isOver ? .done : .head(type, head)
        }
    }
}

/// What a picture looks like, in 64 bits: copies of it that were made smaller or compressed again differ in few of
/// them.
///
/// The picture is drawn in 9 by 8 grey pixels; each bit says whether one is clearly lighter than its right neighbour.
public struct PictureLook: Sendable, Hashable {
    /// The bits, the upper left one first.
    public let bits: UInt64

    /// Columns and rows of the small picture.
    static let columns = 9
    static let rows = 8
    /// Steps of 255 by which two neighbours must differ: noise of compression in an even area is no look.
    private static let contrast = 4
    /// Bits that must be set, and not set: an empty page looks like every other one.
    private static let leastBits = 6

    /// A look as it was kept.
    public init(bits: UInt64) {
        self.bits = bits
    }

    /// The look of a picture by the brightness of its small drawing, row by row; nil for one without features.
    init?(grey: [Int]) {
        guard grey.count == PictureLook.columns * PictureLook.rows else { return nil }
        var bits: UInt64 = 0
        for (index, pair) in zip(grey, grey.dropFirst()).enumerated()
        where index % PictureLook.columns < PictureLook.columns - 1 {
            bits = bits << 1 | (pair.0 > pair.1 + PictureLook.contrast ? 1 : 0)
        }
        guard (PictureLook.leastBits...(64 - PictureLook.leastBits)).contains(bits.nonzeroBitCount) else { return nil }
        self.bits = bits
    }

    /// In how many bits two looks differ.
    public func distance(to other: PictureLook) -> Int {
        (bits ^ other.bits).nonzeroBitCount
    }
}

/// Reads the small drawing: a portable pixmap of three bytes a pixel (`P6`).
enum SmallPixmap {
    /// The brightness of each pixel, 0 to 255; nil for anything but a whole pixmap of the size of a look.
    static func grey(_ content: [UInt8]) -> [Int]? {
        var rest = content[...]
        guard token(&rest) == "P6", token(&rest) == String(PictureLook.columns),
            token(&rest) == String(PictureLook.rows), token(&rest) == "255"
        else { return nil }
        guard rest.count == PictureLook.columns * PictureLook.rows * 3 else { return nil }
        var grey: [Int] = []
        var sum = 0
        for (index, byte) in rest.enumerated() {
            // The eye's weights of red, green and blue (ITU-R BT.601), in thousandths.
            switch index % 3 {
            case 0: sum = Int(byte) * 299
            case 1: sum += Int(byte) * 587
            default: grey.append((sum + Int(byte) * 114) / 1000)
            }
        }
        return grey
    }

    /// The next word of the header, passing over comments, and the one blank after it.
    private static func token(_ rest: inout ArraySlice<UInt8>) -> String? {
        while let first = rest.first, first == UInt8(ascii: "#") || isBlank(first) {
            rest = first == UInt8(ascii: "#") ? rest.drop { $0 != 10 } : rest.dropFirst()
        }
        let word = rest.prefix { !isBlank($0) }.prefix(8)
        rest = rest.dropFirst(word.count + 1)
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}

/// Reads sizes out of headers and nothing else.
enum PictureHeader {
    /// The size in the first bytes of a picture; nil while they are too few, or say none.
    static func size(_ type: ProofMediaType, _ head: ByteView) -> PictureSize? {
        switch type {
        case .png: png(head)
        case .webp: webp(head)
        case .heic: heic(head)
        case .jpeg, .pdf: nil
        }
    }

    /// The header chunk, which is the first (W3C PNG, 11.2.1).
    private static func png(_ head: ByteView) -> PictureSize? {
        guard let width = head.big(16, bytes: 4), let height = head.big(20, bytes: 4) else { return nil }
        return PictureSize(width: width, height: height)
    }

    /// The first chunk: extended, lossless or lossy (RFC 9649, 2.5 to 2.7).
    private static func webp(_ head: ByteView) -> PictureSize? {
        switch head.word(12) {
        case "VP8X":
            guard let width = head.little(24, bytes: 3), let height = head.little(27, bytes: 3) else { return nil }
            return PictureSize(width: width + 1, height: height + 1)
        case "VP8L":
            guard head.big(20, bytes: 1) == 0x2F, let bits = head.little(21, bytes: 4) else { return nil }
            return PictureSize(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        case "VP8 ":
            guard head.big(23, bytes: 3) == 0x9D012A, let width = head.little(26, bytes: 2),
                let height = head.little(28, bytes: 2)
            else { return nil }
            return PictureSize(width: width & 0x3FFF, height: height & 0x3FFF)
        default: return nil
        }
    }

    /// The largest of the sizes that the items have (`ispe`, ISO/IEC 23008-12, 6.5.3): a picture made of tiles has one
    /// for each tile and one for the whole.
    private static func heic(_ head: ByteView) -> PictureSize? {
        var found: PictureSize?
        var left = boxesMax
        for meta in boxes(named: "meta", in: head, from: 0, &left) {
            for properties in boxes(named: "iprp", in: meta, from: 4, &left) {
                for container in boxes(named: "ipco", in: properties, from: 0, &left) {
                    for extent in boxes(named: "ispe", in: container, from: 0, &left) {
                        guard let width = extent.big(4, bytes: 4), let height = extent.big(8, bytes: 4),
                            let size = PictureSize(width: width, height: height)
                        else { continue }
                        found = size.joined(with: found)
                    }
                }
            }
        }
        return found
    }

    /// Boxes that are looked at in one file.
    private static let boxesMax = 10_000

    /// The contents of the boxes of a name (ISO/IEC 14496-12, 4.2). A box that goes on beyond the bytes is cut there.
    private static func boxes(
        named name: String, in bytes: ByteView, from start: Int, _ left: inout Int
    ) -> [ByteView] {
        var found: [ByteView] = []
        var at = start
        while left > 0, let size = bytes.big(at, bytes: 4), let kind = bytes.word(at + 4) {
            left -= 1
            var (header, length) = (8, Int(size))
            if size == 1 {
                guard let high = bytes.big(at + 8, bytes: 4), high == 0, let low = bytes.big(at + 12, bytes: 4) else {
                    break
                }
                (header, length) = (16, Int(low))
            }
            if size == 0 { length = bytes.count - at }
            guard length >= header else { break }
            if kind == name { found.append(bytes.part((at + header)..<min(at + length, bytes.count + header))) }
            at += length
        }
        return found
    }
}

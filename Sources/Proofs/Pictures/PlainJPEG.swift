/// What a rendition must be: one whole JPEG with nothing in it but the picture.
enum PlainJPEG {
    /// The size of a JPEG that has no comments, no application data but the format's own mark, and not a byte after its
    /// end; nil for everything else.
    static func size(_ content: [UInt8]) -> PictureSize? {
        let bytes = ByteView(content)
        guard bytes.big(0, bytes: 2) == 0xFFD8 else { return nil }
        var size: PictureSize?
        var at = 2
        while let marker = bytes.big(at, bytes: 2) {
            switch marker {
            case 0xFFD9: return at + 2 == content.count ? size : nil
            case 0xFFC0, 0xFFC1, 0xFFC2:
                guard size == nil, let height = bytes.big(at + 5, bytes: 2), let width = bytes.big(at + 7, bytes: 2)
                else { return nil }
                size = PictureSize(width: width, height: height)
            case 0xFFE0, 0xFFC4, 0xFFDB, 0xFFDD, 0xFFDA: break
            default: return nil
            }
            guard let length = bytes.big(at + 2, bytes: 2), length >= 2 else { return nil }
            at += 2 + Int(length)
            if marker == 0xFFDA { at = endOfScan(content, from: at) }
        }
        return nil
    }

    /// Where the next marker stands behind the coded data of a scan, in which `FF` is followed by `00` or by the number
    /// of a restart.
    private static func endOfScan(_ content: [UInt8], from start: Int) -> Int {
        var at = start
        var isAfterMark = false
        for byte in content.dropFirst(start) {
            if isAfterMark, byte != 0, !(0xD0...0xD7).contains(byte), byte != 0xFF { return at - 1 }
            isAfterMark = byte == 0xFF
            at += 1
        }
        return at
    }
}

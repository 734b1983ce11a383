import CQREncode

/// QR codes (ISO/IEC 18004) as the path of a drawing, so that they stand in the page itself.
struct QRPath: Sendable, Hashable {
    /// Modules of quiet zone on each side, as the standard asks.
    private static let margin = 4

    /// The `d` of an SVG path in modules.
    let path: String
    /// `0 0 41 41`.
    let box: String

    /// The code of a text; nil when it is too long for one.
    init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let modules = Array(UnsafeBufferPointer(start: code.pointee.data, count: width * width))
        var drawn = ""
        for (place, module) in modules.enumerated() where module & 1 == 1 {
            drawn += "M\(place % width + QRPath.margin) \(place / width + QRPath.margin)h1v1h-1z"
        }
        path = drawn
        box = "0 0 \(width + 2 * QRPath.margin) \(width + 2 * QRPath.margin)"
    }
}

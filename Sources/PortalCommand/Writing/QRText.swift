import CQREncode

/// QR codes (ISO/IEC 18004) as text for terminals: two rows of modules in one row of characters.
enum QRText {
    /// Modules of quiet zone on each side, as the standard asks.
    private static let margin = 4

    /// The code of a text, dark on light whatever the terminal's own colours are.
    ///
    /// - Throws: ``CommandFailure`` when the text is too long for a code.
    static func picture(of text: String) throws(CommandFailure) -> String {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else {
            throw CommandFailure(.bug, "No QR code can be made of \(text.utf8.count) bytes.")
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let modules = Array(UnsafeBufferPointer(start: code.pointee.data, count: width * width))
        let isDark = { (row: Int, column: Int) in
            guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
            return modules[row * width + column] & 1 == 1
        }
        let places = -margin..<(width + margin)
        let rows = stride(from: -margin, to: width + margin, by: 2).map { row in
            let cells = places.map { column in
                switch (isDark(row, column), isDark(row + 1, column)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            }
            // Black on white, then the terminal's own colours again.
            return "\u{1b}[30;107m\(cells.joined())\u{1b}[0m"
        }
        return rows.joined(separator: "\n")
    }
}

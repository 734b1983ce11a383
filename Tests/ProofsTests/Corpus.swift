import Foundation
import TestSupport

/// Files as people and attackers send them, made anew for each run.
enum Corpus {
    // MARK: Pictures

    /// A picture of four quarters: red, green, blue and white, with a dark frame of its own width at the left.
    static func png(width: Int, height: Int, text: [UInt8] = []) -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width { rows += colour(x, y, width, height) }
        }
        let header = big(width) + big(height) + [8, 2, 0, 0, 0]
        return signature + chunk("IHDR", header) + (text.isEmpty ? [] : chunk("tEXt", Array("Comment\0".utf8) + text))
            + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    /// The header of a picture that claims a size and has no content.
    static func hollowPNG(width: Int, height: Int) -> [UInt8] {
        signature + chunk("IHDR", big(width) + big(height) + [1, 0, 0, 0, 0]) + chunk("IDAT", stored([0]))
    }

    private static func colour(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> [UInt8] {
        if x % (width / 4) < width / 16 { return [20, 20, 20] }
        return switch (x < width / 2, y < height / 2) {
        case (true, true): [220, 30, 30]
        case (false, true): [30, 200, 30]
        case (true, false): [30, 30, 220]
        case (false, false): [250, 250, 250]
        }
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return big(content.count) + body + big(Int(checksum(body)))
    }

    /// The zlib format without compression (RFC 1950, RFC 1951 3.2.4).
    private static func stored(_ content: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x78, 0x01]
        var (a, b) = (1, 0)
        for start in stride(from: 0, to: content.count, by: 65_535) {
            let part = content[start..<min(start + 65_535, content.count)]
            let (low, high) = (UInt8(part.count & 255), UInt8(part.count >> 8))
            packed += [start + part.count == content.count ? 1 : 0, low, high, ~low, ~high] + part
        }
        for byte in content {
            a = (a + Int(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return packed + big(b << 16 | a)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = ~0
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private static func big(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// A JPEG whose frame claims a size.
    static func hollowJPEG(width: Int, height: Int) -> [UInt8] {
        [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8] + big(height).suffix(2) + big(width).suffix(2) + [3, 1, 0x22, 0, 2, 0x11, 1]
    }

    /// Puts segments of other things behind a JPEG's beginning.
    static func padded(_ jpeg: [UInt8], segments: Int) -> [UInt8] {
        let segment: [UInt8] = [0xFF, 0xEB, 0xFF, 0xFF] + [UInt8](repeating: 0x41, count: 65_533)
        return Array(jpeg.prefix(2)) + (0..<segments).flatMap { _ in segment } + jpeg.dropFirst(2)
    }

    // MARK: Documents

    /// A document of pages with some words on each.
    static func pdf(
        pages: Int = 1, box: String = "0 0 300 400", catalogue: String = "", trailer: String = "",
        words: String = "Slip"
    ) -> [UInt8] {
        var text = "%PDF-1.4\n"
        var places: [Int] = []
        func add(_ object: String) {
            places.append(text.utf8.count)
            text += "\(places.count) 0 obj\(object)endobj\n"
        }
        let drawing = "BT /F1 40 Tf 30 200 Td (\(words)) Tj ET"
        add("<</Type/Catalog/Pages 2 0 R\(catalogue)>>")
        add("<</Type/Pages/Kids[\((0..<pages).map { "\($0 + 5) 0 R" }.joined(separator: " "))]/Count \(pages)>>")
        add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
        add("<</Length \(drawing.utf8.count)>>stream\n\(drawing)\nendstream\n")
        for _ in 0..<pages {
            add("<</Type/Page/Parent 2 0 R/MediaBox[\(box)]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>")
        }
        let start = text.utf8.count
        text += "xref\n0 \(places.count + 1)\n0000000000 65535 f \n"
        for place in places { text += String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n" }
        text += "trailer<</Size \(places.count + 1)/Root 1 0 R\(trailer)>>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    /// A document that somebody else's password opens.
    static var lockedPDF: [UInt8] {
        let word = String(repeating: "41", count: 32)
        return pdf(
            trailer: "/ID[<0123456789abcdef0123456789abcdef><0123456789abcdef0123456789abcdef>]"
                + "/Encrypt<</Filter/Standard/V 1/R 2/O<\(word)>/U<\(word)>/P -44>>")
    }

    // MARK: Other programs

    /// Has vips write a picture in another format, by the ending of a name.
    static func converted(_ png: [UInt8], to ending: String, _ arguments: [String] = ["copy"]) throws -> [UInt8] {
        try inFolder { folder in
            try Data(png).write(to: URL(fileURLWithPath: "\(folder)/in.png"))
            let (verb, rest) = (arguments.prefix(1), arguments.dropFirst())
            try Program.run("vips", verb + ["\(folder)/in.png", "\(folder)/out.\(ending)"] + rest)
            return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/out.\(ending)")))
        }
    }

    /// Has exiftool write into a picture what cameras write.
    static func tagged(_ jpeg: [UInt8], _ tags: [String]) throws -> [UInt8] {
        try inFolder { folder in
            try Data(jpeg).write(to: URL(fileURLWithPath: "\(folder)/in.jpg"))
            try Program.run("exiftool", ["-q", "-n", "-overwrite_original"] + tags + ["\(folder)/in.jpg"])
            return Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/in.jpg")))
        }
    }

    /// The groups of facts that exiftool finds in a picture.
    static func groups(in jpeg: [UInt8]) throws -> Set<String> {
        try inFolder { folder in
            try Data(jpeg).write(to: URL(fileURLWithPath: "\(folder)/in.jpg"))
            let said = try Program.run("exiftool", ["-G0", "-s", "-a", "-u", "\(folder)/in.jpg"])
            return Set(
                said.split(separator: "\n").compactMap { $0.split(separator: "]").first?.dropFirst() }.map(String.init))
        }
    }

    /// The colours of some places of a picture, as red, green and blue.
    static func colours(_ jpeg: [UInt8], at places: [(x: Int, y: Int)]) throws -> [[Int]] {
        try inFolder { folder in
            try Data(jpeg).write(to: URL(fileURLWithPath: "\(folder)/in.jpg"))
            return try places.map { place in
                try Program.run("vips", ["getpoint", "\(folder)/in.jpg", String(place.x), String(place.y)])
                    .split(separator: " ").compactMap { Double($0.filter { $0 != "\n" }).map { Int($0) } }
            }
        }
    }

    private static func inFolder<T>(_ work: (String) throws -> T) throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "corpus-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try work(folder)
    }
}

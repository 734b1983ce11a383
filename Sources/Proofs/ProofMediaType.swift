/// What an uploaded proof may be: photographs and documents, told apart by their content alone.
public enum ProofMediaType: String, Sendable, Hashable, CaseIterable {
    case jpeg = "image/jpeg"
    case png = "image/png"
    case webp = "image/webp"
    case heic = "image/heic"
    case pdf = "application/pdf"

    /// Bytes from the beginning of a file that suffice to recognise it.
    public static let openingBytes = 512

    /// The media type as HTTP names it.
    public var contentType: String { rawValue }

    /// The usual end of a file name, without a dot.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .webp: "webp"
        case .heic: "heic"
        case .pdf: "pdf"
        }
    }

    /// The type of a file that begins with these bytes; nil for everything that is not accepted.
    ///
    /// Neither the name nor the declared type of an upload is looked at: both are chosen by whoever sends it.
    public static func recognise(_ opening: [UInt8]) -> ProofMediaType? {
        if isJPEG(opening) { return .jpeg }
        if isPNG(opening) { return .png }
        if isWebP(opening) { return .webp }
        if isHEIC(opening) { return .heic }
        if isPDF(opening) { return .pdf }
        return nil
    }

    /// Start of image and the marker of a segment that can come first (ITU-T T.81, B.1.1.3).
    private static func isJPEG(_ bytes: [UInt8]) -> Bool {
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]), let marker = bytes.dropFirst(3).first else { return false }
        return (0xC0...0xCF).contains(marker) || (0xDB...0xEF).contains(marker) || marker == 0xFE
    }

    /// The signature and the heading of the chunk that must follow (W3C PNG, 5.2 and 11.2.1).
    private static func isPNG(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8))
    }

    /// A RIFF container of form `WEBP` with one of its three kinds of first chunk (RFC 9649).
    private static func isWebP(_ bytes: [UInt8]) -> Bool {
        guard word(bytes, at: 0) == "RIFF", word(bytes, at: 8) == "WEBP" else { return false }
        return ["VP8 ", "VP8L", "VP8X"].contains(word(bytes, at: 12))
    }

    /// A file type box with a brand of HEVC images (ISO/IEC 23008-12). `mif1` and `msf1` alone may hold any codec, so
    /// they count only beside such a brand.
    private static func isHEIC(_ bytes: [UInt8]) -> Bool {
        guard word(bytes, at: 4) == "ftyp", let major = word(bytes, at: 8) else { return false }
        let images = ["heic", "heix", "hevc", "hevx", "heim", "heis"]
        if images.contains(major) { return true }
        guard major == "mif1" || major == "msf1" else { return false }
        let boxBytes = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let brands = stride(from: 16, to: min(boxBytes, bytes.count), by: 4).compactMap { word(bytes, at: $0) }
        return brands.contains(where: images.contains)
    }

    /// The header line at the very beginning, or after a byte order mark or white space as some programs write it.
    /// Other bytes before it, which readers tolerate, are how files of two types at once are made.
    private static func isPDF(_ bytes: [UInt8]) -> Bool {
        let unmarked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let text = unmarked.drop { [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
        return text.starts(with: Array("%PDF-1.".utf8)) || text.starts(with: Array("%PDF-2.".utf8))
    }

    /// Four bytes as ASCII letters; nil where the bytes end.
    private static func word(_ bytes: [UInt8], at offset: Int) -> String? {
        let word = bytes.dropFirst(offset).prefix(4)
        return word.count == 4 ? String(decoding: word, as: UTF8.self) : nil
    }
}

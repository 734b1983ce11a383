import Testing

@testable import Proofs

struct MediaTypeTests {
    private static func box(_ brands: String) -> [UInt8] {
        [0, 0, 0, UInt8(8 + brands.utf8.count)] + Array("ftyp".utf8) + Array(brands.utf8)
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let png: [UInt8] = [0x89] + text("PNG\r\n") + [0x1A, 0x0A, 0, 0, 0, 13] + text("IHDR")

    @Test(
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 16], .jpeg),
            ([0xFF, 0xD8, 0xFF, 0xE1, 0, 16], .jpeg),
            ([0xFF, 0xD8, 0xFF, 0xDB], .jpeg),
            (png, .png),
            (text("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8 "), .webp),
            (text("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8L"), .webp),
            (text("RIFF\u{1}\u{2}\u{3}\u{4}WEBPVP8X"), .webp),
            (box("heic\0\0\0\0mif1heic"), .heic),
            (box("heix\0\0\0\0"), .heic),
            (box("mif1\0\0\0\0mif1heic"), .heic),
            (box("msf1\0\0\0\0hevc"), .heic),
            (text("%PDF-1.7\n"), .pdf),
            (text("%PDF-2.0\n"), .pdf),
            (text("\u{FEFF}%PDF-1.4"), .pdf),
            (text("\r\n %PDF-1.4"), .pdf),
        ] as [([UInt8], ProofMediaType)])
    func everyAcceptedTypeIsRecognisedByContent(opening: [UInt8], type: ProofMediaType) {
        #expect(ProofMediaType.recognise(opening) == type)
    }

    @Test(
        arguments: [
            [], [0xFF], [0xFF, 0xD8, 0xFF], [0xFF, 0xD8, 0xFF, 0x00], [0xFF, 0xD8, 0xFF, 0xFF], Array(png.dropLast()),
            text("GIF89a"), text("<svg xmlns="), text("<?xml version=\"1.0\"?><svg>"), text("<!DOCTYPE html>"),
            text("PK\u{3}\u{4}"), text("\u{1F}\u{8B}"), text("MZ"), text("#!/bin/sh"), text("BM"), text("II*\0"),
            text("RIFF\u{1}\u{2}\u{3}\u{4}WAVEfmt "), text("RIFF\u{1}\u{2}\u{3}\u{4}WEBP"), text("RIFF"),
            box("avif\0\0\0\0mif1heic"), box("mif1\0\0\0\0avif"), box("mif1\0\0\0\0"), box("isom\0\0\0\0heic"),
            text("\0\0\0\u{10}ftyp"), text("%PDF-3.0"), text("%PDF"), text("<script>%PDF-1.4"), text("%!PS-Adobe"),
        ] as [[UInt8]])
    func everythingElseIsUnknown(opening: [UInt8]) {
        #expect(ProofMediaType.recognise(opening) == nil)
    }

    @Test func brandsAfterTheBoxDoNotCount() {
        let opening = MediaTypeTests.box("mif1\0\0\0\0mif1") + Array("heic".utf8)
        #expect(ProofMediaType.recognise(opening) == nil)
        let endless: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF] + MediaTypeTests.box("mif1\0\0\0\0heic").dropFirst(4)
        #expect(ProofMediaType.recognise(endless) == .heic)
    }

    @Test func everyTypeHasItsOwnNames() {
        #expect(Set(ProofMediaType.allCases.map(\.contentType)).count == ProofMediaType.allCases.count)
        #expect(Set(ProofMediaType.allCases.map(\.fileExtension)).count == ProofMediaType.allCases.count)
        #expect(ProofMediaType.pdf.contentType == "application/pdf")
        #expect(ProofMediaType(rawValue: "image/jpeg") == .jpeg)
    }

    @Test(arguments: [
        "", "a", "../../../../etc/passwd0000000000000", "/0123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcde.",
        String(repeating: "a", count: 65), "٠123456789abcdef0123456789abcdef",
    ])
    func onlyPlainLongNamesAreNames(text: String) {
        #expect(ProofName(text) == nil)
    }

    @Test func randomNamesDifferAndReadBack() throws {
        let names = try (0..<100).map { _ in try ProofName.random() }
        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { ProofName($0.text) == $0 })
    }
}

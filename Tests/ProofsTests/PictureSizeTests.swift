import Testing

@testable import Proofs

/// Sizes are read from headers, before anything is decoded.
@Suite struct PictureSizeTests {
    private static let png = Corpus.png(width: 40, height: 30)

    /// The size that a file tells when it comes in pieces.
    private static func size(_ content: [UInt8], _ type: ProofMediaType, pieceBytes: Int = 4096) throws -> PictureSize?
    {
        var sizer = try #require(PictureSizer(type))
        for start in stride(from: 0, to: content.count, by: pieceBytes) {
            sizer.add(Array(content[start..<min(start + pieceBytes, content.count)]))
        }
        return sizer.size
    }

    @Test(arguments: [("jpg", ProofMediaType.jpeg), ("png", .png), ("webp", .webp), ("heic", .heic)])
    func everyKindTellsItsSizeInPiecesOfAnyLength(ending: String, type: ProofMediaType) throws {
        let content = try Corpus.converted(Corpus.png(width: 320, height: 200), to: ending)
        for pieceBytes in [1, 7, 100, 100_000] {
            #expect(try Self.size(content, type, pieceBytes: pieceBytes) == PictureSize(width: 320, height: 200))
        }
    }

    @Test func losslessWebPTellsItsSize() throws {
        let content = try Corpus.converted(
            Corpus.png(width: 320, height: 200), to: "webp", ["webpsave", "--lossless"])
        #expect(try Self.size(content, .webp) == PictureSize(width: 320, height: 200))
    }

    @Test func whatStandsBeforeTheFrameOfAJPEGIsPassedOver() throws {
        let jpeg = Corpus.hollowJPEG(width: 640, height: 480)
        #expect(try Self.size(Corpus.padded(jpeg, segments: 100), .jpeg) == PictureSize(width: 640, height: 480))
    }

    @Test func aFloodIsTooLargeAndAnOrdinaryPhotoIsNot() throws {
        let floods = [
            try Self.size(Corpus.hollowPNG(width: 30_000, height: 30_000), .png),
            try Self.size(Corpus.hollowPNG(width: 1, height: 100_000_000), .png),
            try Self.size(Corpus.hollowPNG(width: Int(Int32.max), height: Int(Int32.max)), .png),
            try Self.size(Corpus.hollowJPEG(width: 65_535, height: 65_535), .jpeg),
            try Self.size(Corpus.hollowJPEG(width: 8_000, height: 8_000), .jpeg),
        ]
        for flood in floods { #expect(try #require(flood).isTooLarge) }
        #expect(try #require(PictureSize(width: 8_160, height: 6_120)).isTooLarge == false)
        #expect(try #require(PictureSize(width: 12_000, height: 4_000)).isTooLarge == false)
        #expect(try #require(PictureSize(width: 12_001, height: 10)).isTooLarge)
    }

    @Test func whatIsCutOffOrNonsenseHasNoSize() throws {
        for content: [UInt8] in [
            [], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9], Array("\u{89}PNG".utf8),
            [0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 1, 2, 3, 4, 5, 6], [0xFF, 0xD8, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            Corpus.hollowPNG(width: 0, height: 10), Corpus.hollowJPEG(width: 10, height: 0),
            Array("RIFF0000WEBPVP8 0000".utf8), Array("RIFF0000WEBPVP8X".utf8),
            [0, 0, 0, 4] + Array("meta".utf8), [0, 0, 0, 1] + Array("meta".utf8) + [UInt8](repeating: 0xFF, count: 8),
            [0, 0, 0, 0] + Array("meta".utf8) + [UInt8](repeating: 0, count: 100),
        ] {
            for type in ProofMediaType.allCases where type != .pdf { #expect(try Self.size(content, type) == nil) }
        }
        #expect(PictureSizer(.pdf) == nil)
    }

    /// Whatever bytes come: an answer and no trap.
    @Test func noBytesEndTheProgram() throws {
        var seed: UInt64 = 7
        for round in 0..<2000 {
            var content = Array(Self.png.prefix(64))
            if round % 3 == 1 { content = Corpus.hollowJPEG(width: 10, height: 10) }
            if round % 3 == 2 { content = [0, 0, 0, 40] + Array("meta".utf8) + [UInt8](repeating: 0, count: 60) }
            for _ in 0..<8 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                content[Int(seed >> 33) % content.count] = UInt8(truncatingIfNeeded: seed >> 20)
            }
            for type in ProofMediaType.allCases where type != .pdf {
                _ = try Self.size(content, type, pieceBytes: 1 + round % 9)
            }
            _ = PlainJPEG.size(content)
            _ = SmallPixmap.grey(content)
        }
        #expect(seed != 7)
    }
}

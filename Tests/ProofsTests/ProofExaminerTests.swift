import Foundation
import NIOCore
import TestSupport
import Testing
import Vault

@testable import Proofs

/// What comes of files as people and attackers send them, through intake, scanner and the locked-in children.
@Suite struct ProofExaminerTests {
    private static let picture = Corpus.png(width: 400, height: 300)

    /// A file that was examined: what was found, and the pages as they are shown.
    private struct Examined {
        let findings: ProofFindings
        let pages: [[UInt8]]
        let stored: Int

        var flaw: DrawingFlaw? {
            if case .flawed(let flaw) = findings.pages { return flaw }
            return nil
        }

        var count: Int64? {
            if case .drawn(_, let count) = findings.pages { return count }
            return nil
        }

        var drawn: [StoredPage] {
            if case .drawn(let pages, _) = findings.pages { return pages }
            return []
        }
    }

    /// Takes a file in and examines it.
    private func examined(_ content: [UInt8], scanner: ClamScanner? = nil) async throws -> Examined {
        var result: Examined?
        try await withFileStore { store, folder in
            let proof = try await ProofIntake(store: store).take(Upload(content: content))
            let findings = try await ProofExaminer(store: store, scanner: scanner)
                .examine(proof.name, fileKey: proof.fileKey, proof.mediaType)
            var pages: [[UInt8]] = []
            if case .drawn(let drawn, _) = findings.pages {
                for page in drawn {
                    let opened = try await ProofReader(store: store).open(page.name, fileKey: page.fileKey)
                    let jpeg = try await opened.content()
                    #expect(PlainJPEG.size(jpeg) == PictureSize(width: page.width, height: page.height))
                    #expect(Int64(jpeg.count) == page.bytes)
                    pages.append(jpeg)
                }
            }
            result = Examined(findings: findings, pages: pages, stored: files(below: folder).count)
        }
        return try #require(result)
    }

    @Test func everyKindIsDrawnAndNothingElseIsKept() async throws {
        let kinds = try [
            Self.picture, Corpus.converted(Self.picture, to: "jpg"), Corpus.converted(Self.picture, to: "webp"),
            Corpus.converted(Self.picture, to: "heic"),
            Corpus.converted(Self.picture, to: "png", ["colourspace", "rgb16"]),
            Corpus.pdf(),
        ]
        for (place, content) in kinds.enumerated() {
            let found = try await examined(content)
            #expect(found.findings.scan == .off)
            #expect(found.count == 1, "kind \(place)")
            #expect(found.stored == 2)
            let page = try #require(found.pages.first)
            #expect(
                try Corpus.groups(in: page).isSubset(of: ["ExifTool", "File", "JFIF", "Composite"]), "kind \(place)")
        }
    }

    @Test(arguments: 1...8)
    func aPhotoIsUprightAndSaysNotWhereItWasTaken(orientation: Int) async throws {
        let plain = try Corpus.converted(Self.picture, to: "jpg")
        let photo = try Corpus.tagged(
            plain,
            [
                "-Orientation=\(orientation)", "-GPSLatitude=31.2304", "-GPSLongitude=121.4737", "-Artist=Zhang Wei",
                "-Comment=home", "-XMP:Creator=Zhang Wei", "-IPTC:City=Shanghai",
            ])
        #expect(try Corpus.groups(in: photo).isSuperset(of: ["EXIF", "XMP", "IPTC"]))
        let found = try await examined(photo)
        let page = try #require(found.drawn.first)
        let jpeg = try #require(found.pages.first)
        #expect((page.width, page.height) == (orientation < 5 ? (400, 300) : (300, 400)))
        #expect(try Corpus.groups(in: jpeg).isSubset(of: ["ExifTool", "File", "JFIF", "Composite"]))
        // Where the red quarter of the picture belongs, by the meaning of the eight orientations (EXIF 2.3, 4.6.4).
        let isRight = [2, 3, 6, 7].contains(orientation)
        let isLow = [3, 4, 7, 8].contains(orientation)
        let place = (x: Int(page.width) * (isRight ? 5 : 3) / 8, y: Int(page.height) * (isLow ? 5 : 3) / 8)
        let colour = try #require(try Corpus.colours(jpeg, at: [place]).first)
        #expect(colour.count == 3 && colour[0] > 150 && colour[1] < 90 && colour[2] < 90, "\(colour)")
    }

    @Test func aLargePhotoBecomesAPageAndASmallOneIsNotEnlarged() async throws {
        let large = try await examined(try Corpus.converted(Corpus.png(width: 2400, height: 1200), to: "jpg"))
        #expect(large.drawn.first.map { [$0.width, $0.height] } == [1600, 800])
        let small = try await examined(Corpus.png(width: 32, height: 32))
        #expect(small.drawn.first.map { [$0.width, $0.height] } == [32, 32])
    }

    @Test func whatHidesInAPictureIsNotInItsPage() async throws {
        let script = Array("<?php system($_GET['c']); ?><script>alert(document.cookie)</script>".utf8)
        let jpeg = try Corpus.converted(Self.picture, to: "jpg")
        for content in [
            jpeg + script, jpeg + Array("PK\u{3}\u{4}".utf8) + script,
            try Corpus.tagged(jpeg, ["-Comment=\(String(decoding: script, as: UTF8.self))"]),
            Corpus.png(width: 400, height: 300, text: (0..<10_000).flatMap { _ in script }),
            Corpus.padded(jpeg, segments: 100), Corpus.pdf(words: "Slip") + Array("PK\u{3}\u{4}".utf8) + script,
        ] {
            let found = try await examined(content)
            let page = try #require(found.pages.first)
            let text = String(decoding: page, as: UTF8.self)
            #expect(!text.contains("script") && !text.contains("<?php") && !text.contains("AAAAAAAA"))
        }
    }

    @Test func whatIsNoPictureOrTooLargeIsRefusedBeforeAnythingIsDecoded() async throws {
        let refused: [([UInt8], ProofRefusal)] = [
            ([], .empty), (Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8), .unknownType),
            ([0x1F, 0x8B, 8, 0] + Array("svgz".utf8), .unknownType), (Array("GIF89a/*<script>*/".utf8), .unknownType),
            (Array("<!doctype html><script>alert(1)</script>".utf8), .unknownType),
            (Array("PK\u{3}\u{4}".utf8), .unknownType), (ClamServer.eicar, .unknownType),
            (Corpus.hollowPNG(width: 30_000, height: 30_000), .tooManyPixels),
            (Corpus.hollowPNG(width: 1, height: 100_000_000), .tooManyPixels),
            (Corpus.hollowJPEG(width: 65_535, height: 65_535), .tooManyPixels),
            (Array(Corpus.hollowJPEG(width: 9, height: 9).prefix(5)), .unreadable),
        ]
        for (content, refusal) in refused {
            await #expect(throws: refusal) { try await examined(content) }
        }
    }

    /// A picture that was cut off is shown as far as it goes, or said to be unreadable; nothing else happens.
    @Test func whatWasCutOffIsShownInPartOrNotAtAll() async throws {
        for content in [
            try Corpus.converted(Self.picture, to: "jpg"), Self.picture, try Corpus.converted(Self.picture, to: "webp"),
            try Corpus.converted(Self.picture, to: "heic"), Corpus.pdf(pages: 2),
        ] {
            for tenth in [1, 5, 9] {
                do {
                    let found = try await examined(Array(content.prefix(content.count * tenth / 10)))
                    #expect(found.flaw == .unreadable || found.drawn.count == 1 || found.drawn.count == 2)
                } catch let refusal as ProofRefusal {
                    #expect(refusal == .unreadable || refusal == .unknownType)
                }
            }
        }
        let hollow = try await examined(Corpus.hollowPNG(width: 100, height: 100))
        #expect(hollow.flaw == .unreadable || hollow.drawn.count == 1)
    }

    @Test func documentsAreDrawnPageByPageAndNoFurther() async throws {
        let three = try await examined(Corpus.pdf(pages: 3))
        #expect(three.count == 3 && three.pages.count == 3)
        #expect(three.drawn.allSatisfy { max($0.width, $0.height) == 1600 })
        let many = try await examined(Corpus.pdf(pages: 10_000))
        #expect(many.count == 10_000 && many.pages.count == Int(ProofLimits.pagesMax))
        let huge = try await examined(Corpus.pdf(box: "0 0 2000000 2000000"))
        #expect(huge.flaw != nil || huge.drawn.first?.width == 1600)
    }

    @Test func documentsThatActOrAreLockedAreOnlyPaper() async throws {
        let acting = try await examined(
            Corpus.pdf(
                catalogue: "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC<</S/Launch/F(/bin/sh)>>>>"))
        #expect(acting.pages.count == 1)
        #expect(try await examined(Corpus.lockedPDF).flaw == .password)
        #expect(try await examined(Array("%PDF-1.7\nnothing".utf8)).flaw == .unreadable)
        let loop = String(decoding: Corpus.pdf(trailer: "/Prev 9"), as: UTF8.self)
            .replacing("/Prev 9", with: "/Prev \(Corpus.pdf().count)")
        let looping = try await examined(Array(loop.utf8))
        #expect(looping.flaw != nil || looping.pages.count == 1)
    }

    @Test func copiesLookAlikeAndOthersDoNot() async throws {
        let first = try await examined(Self.picture)
        let copy = try await examined(
            try Corpus.converted(Corpus.png(width: 800, height: 600), to: "jpg", ["jpegsave", "--Q=40"]))
        let look = try #require(first.drawn.first?.look)
        #expect(look.distance(to: try #require(copy.drawn.first?.look)) <= 3)
        let other = try await examined(try Corpus.converted(Self.picture, to: "png", ["rot", "d90"]))
        #expect(look.distance(to: try #require(other.drawn.first?.look)) > 5)
        #expect(try await examined(Corpus.pdf(words: "")).drawn.first?.look == nil, "an empty page has no look")
    }
}

/// The walls around children that decode what strangers send.
@Suite struct EnclosureTests {
    private func run(_ program: String, _ arguments: [String], within time: Duration = .seconds(20)) throws -> (
        end: ChildProcess.End, said: String
    ) {
        let enclosure = try #require(Enclosure.best)
        let (input, output) = (try MemoryFile(), try MemoryFile())
        let end = enclosure.child(program, arguments, within: time).run(reading: input, writing: output).end
        return (end, String(decoding: try output.content(bytesMax: 1 << 20) ?? [], as: UTF8.self))
    }

    @Test func aChildHasNoFilesNoEnvironmentAndFewRights() throws {
        #expect(ProofDrawer.obstacle == nil)
        let open = try run("ls", ["/proc/self/fd"]).said.split(separator: "\n")
        #expect(open.count <= 4, "the three, and the folder that is listed: \(open)")
        let names = try run("env", []).said.split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(names.contains("VIPS_BLOCK_UNTRUSTED") && !names.contains("USER") && names.count < 10)
        let status = try run("cat", ["/proc/self/status"]).said
        #expect(status.contains("NoNewPrivs:\t1"))
        #expect(status.contains("CapEff:\t0000000000000000") || geteuid() != 0)
        if geteuid() == 0 { #expect(status.contains("Uid:\t65534\t65534\t65534\t65534")) }
    }

    @Test func aChildHasNoNetworkWhereTheSystemAllowsThat() throws {
        guard ProofDrawer.isCutOff else { return }
        let devices = try run("cat", ["/proc/net/dev"]).said.split(separator: "\n").dropFirst(2)
        #expect(devices.allSatisfy { $0.contains("lo:") })
    }

    @Test func aChildEndsAtItsLimits() throws {
        #expect(try run("sleep", ["600"], within: .milliseconds(200)).end == .overdue)
        let large = try run("head", ["-c", "100000000", "/dev/zero"]).end
        #expect(large != .exited(code: 0), "it may not write so much")
        #expect(try run("false", []).end == .exited(code: 1))
        let nothing = ChildProcess(arguments: ["/nonexistent"], environment: [], time: .seconds(5))
            .run(reading: try MemoryFile(), writing: try MemoryFile())
        #expect(nothing.end == .notStarted(code: ENOENT))
    }

    @Test func scalableDrawingsAreNoPicturesWhateverTheyAreCalled() throws {
        let enclosure = try #require(Enclosure.best)
        let (input, output) = (try MemoryFile(), try MemoryFile())
        try input.add(
            Array("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9'/></svg>".utf8))
        let child = enclosure.child("vipsthumbnail", ["stdin", "-o", ".jpg"])
        #expect(child.run(reading: input, writing: output).end != .exited(code: 0))
    }
}

import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Proofs

/// Only the literal answer that a file is clean lets it pass.
@Suite struct ClamScannerTests {
    private func scan(_ content: [UInt8], by scanner: ClamScanner) async throws -> ScanResult {
        let file = try MemoryFile()
        try file.add(content)
        try file.freeze()
        return await scanner.scan(file)
    }

    @Test func whatIsFoundHasItsNameAndWhatIsGivenUpIsHeld() async throws {
        try await ClamServer.run { server in
            let scanner = ClamScanner(server.address)
            let picture = Corpus.png(width: 40, height: 30)
            #expect(try await scan(picture, by: scanner) == .clean)
            #expect(try await scan([], by: scanner) == .clean)
            let found = ScanResult.infected(name: "Local.EICAR-body.UNOFFICIAL")
            #expect(try await scan(ClamServer.eicar, by: scanner) == found)
            #expect(try await scan(Corpus.pdf() + ClamServer.eicar, by: scanner) == found)
            #expect(try await scan(picture + ClamServer.eicar, by: scanner) == found)
            let acting = Corpus.pdf(catalogue: "/OpenAction<</S/JavaScript/JS(1)>>")
            #expect(try await scan(acting, by: scanner) == .infected(name: "YARA.PdfScript.UNOFFICIAL"))
            let large = [UInt8](repeating: 7, count: 2 * ClamServer.streamBytesMax)
            guard case .held = try await scan(large, by: scanner) else {
                Issue.record("a file that clamd gives up on is held")
                return
            }
            server.stop()
            #expect(try await scan(picture, by: scanner) == .held(reason: "not reachable"))
            #expect(await scanner.obstacle() != nil)
        }
    }

    /// A scanner holds a file back until it answers; the file is then examined like any other.
    @Test func anInfectedFileIsNeverDrawnAndAHeldOneOnlyLater() async throws {
        try await withFileStore { store, folder in
            let content = Corpus.png(width: 40, height: 30)
            let proof = try await ProofIntake(store: store).take(Upload(content: content))
            let silent = ProofExaminer(store: store, scanner: ClamScanner(.unix(path: "\(folder)/none.sock")))
            let held = try await silent.examine(proof.name, fileKey: proof.fileKey, proof.mediaType)
            #expect(held.scan == .held(reason: "not reachable"))
            #expect(held.pages == nil)
            #expect(files(below: folder).count == 1)
            try await ClamServer.run { server in
                let examiner = ProofExaminer(store: store, scanner: ClamScanner(server.address))
                let passed = try await examiner.examine(proof.name, fileKey: proof.fileKey, proof.mediaType)
                #expect(passed.scan == .clean)
                #expect(passed.pages != nil)
                let bad = try await ProofIntake(store: store).take(Upload(content: content + ClamServer.eicar))
                let found = try await examiner.examine(bad.name, fileKey: bad.fileKey, bad.mediaType)
                #expect(found.scan == .infected(name: "Local.EICAR-body.UNOFFICIAL"))
                #expect(found.pages == nil)
                #expect(files(below: folder).count == 3)
            }
        }
    }

    @Test(arguments: [
        ("stream: OK", ScanResult.clean), ("stream: OK ", .held(reason: "stream: OK ")),
        ("stream: ok", .held(reason: "stream: ok")), ("", .held(reason: "no answer")),
        ("stream: Win.Test FOUND", .infected(name: "Win.Test")), ("stream:  FOUND", .held(reason: "stream:  FOUND")),
        ("INSTREAM size limit exceeded. ERROR", .held(reason: "INSTREAM size limit exceeded. ERROR")),
        ("stream: a\u{1B}[31m FOUND", .infected(name: "a?[31m")), ("PONG", .held(reason: "PONG")),
    ])
    func anAnswerIsReadToTheLetter(answer: String, result: ScanResult) {
        #expect(ClamScanner.read(answer) == result)
    }

    /// Answers that no clamd gives: an end without one, a clean word without its end, silence.
    @Test(arguments: ["", "stream: OK", "stream: OK and more", String(repeating: "x", count: 5000)])
    func anAnswerWithoutItsEndIsNone(answer: String) async throws {
        try await answering(answer) { address in
            let result = try await scan([1, 2, 3], by: ClamScanner(address))
            guard case .held = result else {
                Issue.record("\(result)")
                return
            }
        }
    }

    @Test func aSilentScannerHoldsAFileBack() async throws {
        try await answering(nil) { address in
            let scanner = ClamScanner(address, time: .milliseconds(300))
            let result = try await scan([1, 2, 3], by: scanner)
            #expect(result == .held(reason: "no answer in time"))
        }
    }

    @Test func addressesAreReadStrictly() {
        #expect(ScannerAddress("unix:/run/clamav/clamd.ctl") == .unix(path: "/run/clamav/clamd.ctl"))
        #expect(ScannerAddress("tcp:127.0.0.1:3310") == .tcp(host: "127.0.0.1", port: 3310))
        #expect(ScannerAddress("tcp:[::1]:3310") == .tcp(host: "::1", port: 3310))
        for text in ["", "off", "unix:", "unix:relative", "tcp:", "tcp:3310", "tcp:host:0", "tcp:host:99999", "tcp::1"]
        {
            #expect(ScannerAddress(text) == nil, "\(text)")
        }
        #expect(ScannerAddress("unix:/" + String(repeating: "a", count: 120)) == nil)
    }

    /// Something that listens where clamd should, says what it is told to once it has heard anything, and hangs up.
    private func answering(
        _ answer: String?, _ body: (ScannerAddress) async throws -> Void
    ) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Parrot(answer)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(.tcp(host: "127.0.0.1", port: try #require(server.localAddress?.port)))
            try await server.close()
        } catch {
            try await server.close()
            throw error
        }
    }

    private final class Parrot: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answer: String?
        private var hasSpoken = false

        init(_ answer: String?) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let answer, !hasSpoken else { return }
            hasSpoken = true
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}

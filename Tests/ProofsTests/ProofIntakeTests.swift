import NIOCore
import Synchronization
import Testing
import Vault

@testable import Proofs

struct ProofIntakeTests {
    private static let chunk = 64 * 1024

    @Test(
        arguments: [8, chunk - 1, chunk, chunk + 1, 1_000_003, Int(ProofLimits.fileBytesMax)], StoreUnderTest.allCases)
    func aProofOfEverySizeComesBack(size: Int, kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let content = document(bytes: size)
            let proof = try await ProofIntake(store: store).take(Upload(content: content))
            #expect(proof.mediaType == .pdf)
            #expect(proof.bytes == Int64(size))
            #expect(proof.sha256 == Digest.sha256(content))
            let opened = try await ProofReader(store: store).open(proof.name, fileKey: proof.fileKey)
            #expect(try await opened.content() == content)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aTypeIsRecognisedHoweverSmallThePieces(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let content = document(bytes: 600)
            let proof = try await ProofIntake(store: store).take(Upload(content: content, pieceBytes: 1))
            #expect(proof.mediaType == .pdf)
            #expect(proof.sha256 == Digest.sha256(content))
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func nothingClearIsOnTheDisk(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let content = document(bytes: 70_000)
            let proof = try await ProofIntake(store: store).take(Upload(content: content))
            var sealed: [UInt8] = []
            for try await piece in try await store.open(proof.name) { sealed += piece }
            let runs = Set((0..<5000).map { Array(content[$0..<($0 + 8)]) })
            let found = (0..<(sealed.count - 8)).filter { runs.contains(Array(sealed[$0..<($0 + 8)])) }
            #expect(found.isEmpty)
            #expect(try await harness.files() == [proof.name.text.prefix(2) + "/" + proof.name.text])
        }
    }

    @Test(
        arguments: [
            ([], .empty),
            (Array("GIF89a".utf8), .unknownType),
            ([0xFF, 0xD8], .unknownType),
            (Array("<html><script>alert(1)</script></html>".utf8), .unknownType),
        ] as [([UInt8], ProofRefusal)], StoreUnderTest.allCases)
    func whatIsRefusedLeavesNothingBehind(
        refused: (content: [UInt8], refusal: ProofRefusal), kind: StoreUnderTest
    ) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            await #expect(throws: refused.refusal) {
                try await ProofIntake(store: store).take(Upload(content: refused.content))
            }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    /// Not one of the arguments above: the test library would describe all ten million bytes.
    @Test(arguments: StoreUnderTest.allCases)
    func aFileOfOneByteTooManyLeavesNothingBehind(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let upload = Upload(content: document(bytes: Int(ProofLimits.fileBytesMax) + 1))
            await #expect(throws: ProofRefusal.tooLarge) { try await ProofIntake(store: store).take(upload) }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aCaseTakesWhatItHasRoomForAndNoByteMore(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let intake = ProofIntake(store: store)
            let content = document(bytes: 100_000)
            await #expect(throws: ProofRefusal.tooManyBytesForCase(left: 99_999)) {
                try await intake.take(Upload(content: content), caseBytesLeft: 99_999)
            }
            await #expect(throws: ProofRefusal.tooManyBytesForCase(left: 0)) {
                try await intake.take(Upload(content: content), caseBytesLeft: -5)
            }
            let left = try await harness.files()
            #expect(left.isEmpty)
            let proof = try await intake.take(Upload(content: content), caseBytesLeft: 100_000)
            #expect(proof.bytes == 100_000)
        }
    }

    @Test(arguments: [0, 100_000], StoreUnderTest.allCases)
    func anUploadThatBreaksOffLeavesNothingBehind(end: Int, kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let upload = Upload(content: document(bytes: 300_000), breaksOffAt: end)
            await #expect(throws: Upload.BrokenOff.self) { try await ProofIntake(store: store).take(upload) }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func aCancelledUploadLeavesNothingBehind(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let (asked, signal) = AsyncStream<Void>.makeStream()
            let given = Mutex(false)
            let pieces = AsyncThrowingStream<ByteBuffer, any Error>(unfolding: {
                let isFirst = given.withLock { given in
                    defer { given = true }
                    return !given
                }
                if isFirst { return ByteBuffer(bytes: document(bytes: 200_000)) }
                signal.yield()
                try await Task.sleep(for: .seconds(3600))
                return nil
            })
            let taking = Task { try await ProofIntake(store: store).take(pieces) }
            for await _ in asked { break }
            taking.cancel()
            await #expect(throws: CancellationError.self) { try await taking.value }
            let left = try await harness.files()
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func anotherKeyAndChangedFilesAreDamaged(kind: StoreUnderTest) async throws {
        try await withStore(kind) { harness in
            let store = harness.store
            let intake = ProofIntake(store: store)
            let proof = try await intake.take(Upload(content: document(bytes: 100_000)))
            let other = try await intake.take(Upload(content: document(bytes: 100_000)))
            let reader = ProofReader(store: store)
            await #expect(throws: ProofStoreFault.damaged) {
                try await reader.open(proof.name, fileKey: other.fileKey).content()
            }
            var sealed: [UInt8] = []
            for try await piece in try await store.open(proof.name) { sealed += piece }
            for cut in [0, 1, 70_000, sealed.count - 1] {
                let name = try ProofName.random()
                try await store.put(name) { sink in try await sink.add(Array(sealed.prefix(cut))) }
                await #expect(throws: ProofStoreFault.damaged, "\(cut) bytes") {
                    try await reader.open(name, fileKey: proof.fileKey).content()
                }
            }
        }
    }
}

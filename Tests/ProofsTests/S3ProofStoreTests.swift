import Foundation
import NIOCore
import TestSupport
import Testing
import Vault

@testable import Proofs

/// The store against SeaweedFS, which checks signatures, with rclone as a client that is not ours.
struct S3ProofStoreTests {
    private struct Stop: Error {}
    private static let large = 20 * 1024 * 1024

    @Test func rcloneReadsTheSealedBytesAndNothingClear() async throws {
        try await withS3Store { store, server, prefix in
            let content = document(bytes: 300_000)
            let proof = try await ProofIntake(store: store).take(Upload(content: content))
            let read = try await server.rclone("cat", prefix + proof.name.text.prefix(2) + "/" + proof.name.text)
            #expect(read == (try await store.content(proof.name)))
            var opener = FileOpener(key: proof.fileKey)
            #expect(try opener.add(read) + opener.finish() == content)
            #expect(Data(read).range(of: Data(content[1000..<1016])) == nil)
        }
    }

    @Test(arguments: [0, 1, S3ProofStore.pieceBytes, S3ProofStore.pieceBytes + 1, S3Upload.partBytes])
    func whatFitsIntoOneRequestComesBack(size: Int) async throws {
        try await withS3Store { store, _, _ in
            let name = try ProofName.random()
            let bytes = document(bytes: max(4, size)).prefix(size)
            try await store.put(name) { sink in try await sink.add(Array(bytes)) }
            #expect(try await store.content(name) == Array(bytes))
            let object = try await client().look(store.key(of: name))
            #expect(object?.sha256 == (size == 0 ? nil : Digest.sha256(Array(bytes))))
        }
    }

    @Test func whatIsLargerGoesInPartsWithItsDigest() async throws {
        try await withS3Store { store, server, prefix in
            let name = try ProofName.random()
            let bytes = document(bytes: Self.large)
            try await store.put(name) { sink in
                for start in stride(from: 0, to: bytes.count, by: 3_000_000) {
                    try await sink.add(Array(bytes[start..<min(start + 3_000_000, bytes.count)]))
                }
                #expect(try await objects(server, prefix).isEmpty)
                #expect(try await unfinished(server, prefix).count == 1)
                #expect(try await store.names(after: nil, limit: 1).isEmpty)
            }
            #expect(try await store.content(name) == bytes)
            #expect(try await unfinished(server, prefix).isEmpty)
            #expect(try await client().look(store.key(of: name))?.sha256 == Digest.sha256(bytes))
            #expect(try await server.rclone("cat", store.key(of: name)) == bytes)
            await #expect(throws: ProofStoreFault.exists) { try await store.put(name) { _ in } }
        }
    }

    @Test func anUploadInPartsThatFailsLeavesNothing() async throws {
        try await withS3Store { store, server, prefix in
            await #expect(throws: Stop.self) {
                try await store.put(try .random()) { sink in
                    try await sink.add([UInt8](repeating: 1, count: Self.large))
                    #expect(try await unfinished(server, prefix).count == 1)
                    throw Stop()
                }
            }
            let left = try await objects(server, prefix) + unfinished(server, prefix)
            #expect(left.isEmpty)
        }
    }

    @Test func anUploadInPartsThatIsCancelledLeavesNothing() async throws {
        try await withS3Store { store, server, prefix in
            let putting = Task {
                try await store.put(try .random()) { sink in
                    try await sink.add([UInt8](repeating: 1, count: Self.large))
                    try await Task.sleep(for: .seconds(3600))
                }
            }
            while try await unfinished(server, prefix).isEmpty { await Task.yield() }
            putting.cancel()
            await #expect(throws: (any Error).self) { try await putting.value }
            #expect(try await unfinished(server, prefix).isEmpty)
        }
    }

    @Test func twoWritersOfOneNameLeaveOneFileWhole() async throws {
        try await withS3Store { store, server, prefix in
            let name = try ProofName.random()
            await #expect(throws: ProofStoreFault.exists) {
                try await store.put(name) { sink in
                    try await sink.add([1, 2, 3])
                    try await store.put(name) { other in try await other.add([4, 5, 6]) }
                }
            }
            #expect(try await store.content(name) == [4, 5, 6])
            #expect(try await objects(server, prefix).count == 1)
        }
    }

    @Test func changedBytesAreDamaged() async throws {
        try await withS3Store { store, server, _ in
            let bytes = document(bytes: 3_000_000)
            for count in [bytes.count, bytes.count - 1, 10] {
                let name = try ProofName.random()
                try await store.put(name) { sink in try await sink.add(bytes) }
                var changed = Array(bytes.prefix(count))
                changed[5] ^= 1
                // With the old digest beside it, as a disk would change it.
                try await overwrite(store.key(of: name), with: changed, sha256: Digest.sha256(bytes))
                await #expect(throws: ProofStoreFault.damaged) { try await store.content(name) }
            }
        }
    }

    @Test func anObjectThatAnotherToolWroteIsHeldToItsSeal() async throws {
        try await withS3Store { store, server, _ in
            let intake = ProofIntake(store: store)
            let content = document(bytes: 300_000)
            let proof = try await intake.take(Upload(content: content))
            let other = try await intake.take(Upload(content: content))
            let reader = ProofReader(store: store)
            // Copied by another tool, byte for byte: it opens.
            try await server.rclone("rcat", store.key(of: proof.name), input: store.content(proof.name))
            #expect(try await reader.open(proof.name, fileKey: proof.fileKey).content() == content)
            // Another file's bytes: they do not.
            try await server.rclone("rcat", store.key(of: proof.name), input: store.content(other.name))
            await #expect(throws: ProofStoreFault.damaged) {
                try await reader.open(proof.name, fileKey: proof.fileKey).content()
            }
        }
    }

    @Test func whatIsReplacedWhileItIsReadIsDamaged() async throws {
        try await withS3Store { store, server, _ in
            let name = try ProofName.random()
            try await store.put(name) { sink in try await sink.add(document(bytes: 3_000_000)) }
            let opened = try await store.open(name)
            try await server.rclone("rcat", store.key(of: name), input: document(bytes: 2_999_999))
            await #expect(throws: ProofStoreFault.damaged) { for try await _ in opened {} }
            try await store.delete(name)
            await #expect(throws: ProofStoreFault.missing) { for try await _ in opened {} }
        }
    }

    @Test(arguments: [S3Address.Style.path, .host])
    func keysOfAnyCharactersAreSigned(style: S3Address.Style) async throws {
        let prefix = "t\(UUID().uuidString)/a b+c/退款 & 'x'(1)*~=,;@$!/"
        try await withS3Store(prefix: prefix, style: style) { store, server, prefix in
            let names = try (0..<3).map { _ in try ProofName.random() }.sorted()
            for name in names { try await store.put(name) { sink in try await sink.add(Array(name.text.utf8)) } }
            #expect(try await store.names(after: nil, limit: 2) == Array(names.prefix(2)))
            #expect(try await store.names(after: names[0], limit: 9) == Array(names.dropFirst()))
            #expect(try await server.rclone("cat", store.key(of: names[1])) == Array(names[1].text.utf8))
            try await store.delete(names[1])
            #expect(try await store.names(after: nil, limit: 9) == [names[0], names[2]])
        }
    }

    @Test func whatIsNoProofIsPassedOver() async throws {
        try await withS3Store { store, server, prefix in
            let name = try ProofName.sample("m")
            try await store.put(name) { _ in }
            let others = ["a.txt", "aa/b", "mm/\(name.text).part", "zz/\(name.text)", "mm/x/\(name.text)", "zz/z"]
            for other in others { try await server.rclone("rcat", prefix + other, input: [1]) }
            #expect(try await store.names(after: nil, limit: 10) == [name])
            #expect(try await store.names(after: nil, limit: 1) == [name])
            #expect(try await store.names(after: name, limit: 10).isEmpty)
            #expect(try await store.names(after: nil, limit: 0).isEmpty)
        }
    }

    @Test func aFolderOfFilesCanMoveIntoTheBucket() async throws {
        try await withFileStore { files, folder in
            let content = document(bytes: 100_000)
            let proof = try await ProofIntake(store: files).take(Upload(content: content))
            try await withS3Store { store, server, prefix in
                try await server.rclone("copy", from: folder, prefix)
                #expect(try await store.names(after: nil, limit: 10) == [proof.name])
                let opened = try await ProofReader(store: store).open(proof.name, fileKey: proof.fileKey)
                #expect(try await opened.content() == content)
            }
        }
    }

    @Test func aStoreThatStopsIsTellingAndWorksAgainWhenItIsBack() async throws {
        let server = try await S3Server.start()
        let store = S3ProofStore(
            address: try server.address(), credentials: try S3Server.credentials(), client: S3Server.client)
        let name = try ProofName.random()
        try await store.put(name) { sink in try await sink.add([1, 2, 3]) }
        try await server.stop()
        await expectReason("cannot be reached") { try await store.check() }
        await expectReason("cannot be reached") { _ = try await store.open(name) }
        try await server.startAgain()
        try await store.check()
        #expect(try await store.content(name) == [1, 2, 3])
    }

    @Test func wrongKeysBucketsAndClocksSayWhatToCheck() async throws {
        let server = try await S3Server.shared()
        let right = try server.address(), keys = try S3Server.credentials()
        let stranger = try S3Credentials(accessKey: "stranger", secretKey: Secret("hunter2"))
        let cases: [(S3Address, S3Credentials, Int64, String)] = [
            (right, try S3Server.credentials(secretKey: "hunter2"), 0, "check AWS_SECRET_ACCESS_KEY (403 Signature"),
            (right, stranger, 0, "check AWS_ACCESS_KEY_ID (403 InvalidAccessKeyId)"),
            (try server.address(bucket: "nothing"), keys, 0, "name in PROOF_STORE_URL (404 NoSuchBucket)"),
            (right, keys, 3600, "check both clocks (403 RequestTimeTooSkewed)"),
            (right, keys, -3600, "check both clocks (403 RequestTimeTooSkewed)"),
        ]
        for (address, credentials, skew, word) in cases {
            let store = S3ProofStore(address: address, credentials: credentials, client: S3Server.client) {
                S3ProofStore.systemClock() + skew
            }
            let name = try ProofName.random()
            await expectReason(word) { try await store.check() }
            await expectReason(word) { try await store.put(name) { _ in } }
            await expectReason(word) { _ = try await store.open(name) }
            await expectReason(word) { try await store.delete(name) }
            await expectReason(word) { _ = try await store.names(after: nil, limit: 1) }
        }
    }

    @Test func aFineStoreIsReady() async throws {
        try await withS3Store { store, _, _ in
            await #expect(throws: Never.self) { try await store.check() }
        }
    }

    private func expectReason(_ word: String, _ work: () async throws -> Void) async {
        let fault = await #expect(throws: ProofStoreFault.self) { try await work() }
        guard case .system(let reason) = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(reason.contains(word), "\(reason)")
        #expect(!reason.contains("hunter2"))
    }

    private func client() async throws -> S3Client {
        S3Client(
            address: try await S3Server.shared().address(), credentials: try S3Server.credentials(),
            client: S3Server.client, pace: .standard, now: S3ProofStore.systemClock)
    }

    private func overwrite(_ key: String, with bytes: [UInt8], sha256: [UInt8]) async throws {
        _ = try await client().done(
            S3Request(
                method: .put, key: key, headers: [(name: S3Upload.digestHeader, value: Hex.encode(sha256))],
                body: ByteBuffer(bytes: bytes), bodySHA256: Digest.sha256(bytes)))
    }
}

import Foundation
import NIOCore
import TestSupport
import Testing
import Vault

@testable import Proofs

/// An upload that arrives in pieces and may break off with an error.
struct Upload: AsyncSequence {
    typealias Element = ByteBuffer

    struct BrokenOff: Error {}

    let content: [UInt8]
    var pieceBytes = 16 * 1024
    var breaksOffAt: Int?

    func makeAsyncIterator() -> Iterator {
        Iterator(upload: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        let upload: Upload
        var offset = 0

        mutating func next() async throws -> ByteBuffer? {
            if let end = upload.breaksOffAt, offset >= end { throw BrokenOff() }
            guard offset < upload.content.count else { return nil }
            let end = Swift.min(offset + upload.pieceBytes, upload.content.count)
            defer { offset = end }
            return ByteBuffer(bytes: upload.content[offset..<end])
        }
    }
}

/// What keeps the proofs in a test.
enum StoreUnderTest: CaseIterable {
    case file, s3
}

/// A store of the test's own.
struct StoreHarness {
    let store: any ProofStore
    /// Everything that lies in it, finished or not, as somebody else sees it: `ab/abcdef…`.
    let files: () async throws -> [String]
}

/// Runs a test on a store of its own.
func withStore(_ kind: StoreUnderTest, _ work: (StoreHarness) async throws -> Void) async throws {
    switch kind {
    case .file:
        try await withFileStore { store, folder in
            try await work(StoreHarness(store: store) { files(below: folder) })
        }
    case .s3:
        try await withS3Store { store, server, prefix in
            try await work(
                StoreHarness(store: store) { try await objects(server, prefix) + unfinished(server, prefix) })
        }
    }
}

/// A store in a folder of the test's own, removed afterwards.
func withFileStore(_ work: (_ store: FileProofStore, _ folder: String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "proofs-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await work(FileProofStore(folder: folder), folder)
}

/// A store under a prefix of the test's own in the shared server's bucket; the server is removed with the tests.
func withS3Store(
    prefix: String = "t\(UUID().uuidString)/", style: S3Address.Style = .path,
    _ work: (_ store: S3ProofStore, _ server: S3Server, _ prefix: String) async throws -> Void
) async throws {
    let server = try await S3Server.shared()
    let address = try server.address(prefix: prefix, style: style)
    let store = S3ProofStore(address: address, credentials: try S3Server.credentials(), client: S3Server.client)
    try await work(store, server, prefix)
}

/// The objects below a prefix, as rclone lists them.
func objects(_ server: S3Server, _ prefix: String) async throws -> [String] {
    let listed = try await server.rclone("lsf", prefix, options: ["-R", "--files-only"])
    return String(decoding: listed, as: UTF8.self).split(separator: "\n").map(String.init)
}

/// The keys of uploads that were begun below a prefix and not ended.
func unfinished(_ server: S3Server, _ prefix: String) async throws -> [String] {
    let client = S3Client(
        address: try server.address(), credentials: try S3Server.credentials(), client: S3Server.client,
        pace: .standard, now: S3ProofStore.systemClock)
    let answer = try await client.done(
        S3Request(method: .get, query: [(name: "uploads", value: "")], answerIsDocument: true))
    let list = try #require(answer.document)
    try #require(list.name == "ListMultipartUploadsResult")
    return list.children.compactMap { $0.text(of: "Key") }.filter { $0.hasPrefix(prefix) }
}

/// Every file below a folder.
func files(below folder: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return found.filter { path in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
        return exists && !isFolder.boolValue
    }
}

/// A document's first bytes followed by a block again and again, whose length no chunk is a multiple of.
func document(bytes count: Int) -> [UInt8] {
    let block = (0..<4099).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    var content = Array("%PDF-1.7".utf8)
    content.reserveCapacity(count + block.count)
    while content.count < count { content += block }
    return Array(content.prefix(count))
}

extension OpenedProof {
    func content() async throws -> [UInt8] {
        var content: [UInt8] = []
        try await forEachPiece { content += $0.readableBytesView }
        return content
    }
}

extension ProofStore {
    func content(_ name: ProofName) async throws -> [UInt8] {
        var content: [UInt8] = []
        for try await piece in try await open(name) { content += piece }
        return content
    }
}

extension ProofName {
    static func sample(_ letter: Character = "a") throws -> ProofName {
        try #require(ProofName(String(repeating: letter, count: 32)))
    }
}

import Foundation
import NIOCore
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

/// A store in a folder of the test's own, removed afterwards.
func withStore(_ work: (_ store: FileProofStore, _ folder: String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "proofs-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await work(FileProofStore(folder: folder), folder)
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

/// A picture's first bytes followed by a block again and again, whose length no chunk is a multiple of.
func picture(bytes count: Int) -> [UInt8] {
    let block = (0..<4099).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    var content: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0]
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

extension ProofName {
    static func sample(_ letter: Character = "a") throws -> ProofName {
        try #require(ProofName(String(repeating: letter, count: 32)))
    }
}

import Foundation
import Testing
import Vault

@testable import Proofs

struct FileProofStoreTests {
    private struct Stop: Error {}

    @Test func filesAndFoldersAreForTheirOwnerOnly() async throws {
        try await withStore { store, folder in
            let name = try ProofName.sample()
            try await store.put(name) { sink in try await sink.add([1, 2, 3]) }
            #expect(try mode(folder) == 0o700)
            #expect(try mode(folder + "/aa") == 0o700)
            #expect(try mode(folder + "/aa/" + name.text) == 0o600)
            #expect(files(below: folder).count == 1)
        }
    }

    @Test func aFileHasItsNameOnlyWhenItIsWhole() async throws {
        try await withStore { store, _ in
            let name = try ProofName.sample()
            try await store.put(name) { sink in
                try await sink.add([1, 2, 3])
                await #expect(throws: ProofStoreFault.missing) { try await store.open(name) }
                #expect(try await store.names(after: nil, limit: 10).isEmpty)
            }
            #expect(try await store.names(after: nil, limit: 10) == [name])
        }
    }

    @Test func aFailedPutLeavesNothingBehind() async throws {
        try await withStore { store, folder in
            await #expect(throws: Stop.self) {
                try await store.put(try ProofName.sample()) { sink in
                    try await sink.add([1, 2, 3])
                    throw Stop()
                }
            }
            #expect(files(below: folder).isEmpty)
        }
    }

    @Test func aNameIsNeverUsedTwice() async throws {
        try await withStore { store, folder in
            let name = try ProofName.sample()
            try await store.put(name) { sink in try await sink.add([1]) }
            await #expect(throws: ProofStoreFault.exists) {
                try await store.put(name) { sink in try await sink.add([2]) }
            }
            #expect(try await content(name, store) == [1])
            #expect(files(below: folder).count == 1)
        }
    }

    @Test func aRemovedFileIsMissingAndMayBeRemovedAgain() async throws {
        try await withStore { store, folder in
            let name = try ProofName.sample()
            try await store.delete(name)
            try await store.put(name) { sink in try await sink.add([1]) }
            try await store.delete(name)
            try await store.delete(name)
            await #expect(throws: ProofStoreFault.missing) { try await store.open(name) }
            #expect(files(below: folder).isEmpty)
        }
    }

    @Test func aFileBeingReadSurvivesItsRemoval() async throws {
        try await withStore { store, _ in
            let name = try ProofName.sample()
            let bytes = picture(bytes: 500_000)
            try await store.put(name) { sink in try await sink.add(bytes) }
            let opened = try await store.open(name)
            try await store.delete(name)
            var read: [UInt8] = []
            for try await piece in opened { read += piece }
            #expect(read == bytes)
        }
    }

    @Test func namesComeInOrderAndInPages() async throws {
        try await withStore { store, _ in
            let names = try (0..<30).map { _ in try ProofName.random() }.sorted()
            for name in names { try await store.put(name) { _ in } }
            var listed: [ProofName] = []
            while true {
                let page = try await store.names(after: listed.last, limit: 7)
                #expect(page.count <= 7)
                guard !page.isEmpty else { break }
                listed += page
            }
            #expect(listed == names)
        }
    }

    @Test func aFullDiskIsToldApart() {
        #expect(ProofStoreFault(systemError: ENOSPC) == .full)
        #expect(ProofStoreFault(systemError: EDQUOT) == .full)
        #expect(ProofStoreFault(systemError: EIO) != .full)
    }

    /// Runs where `FULL_FOLDER` names a folder with a few MiB at most, such as a small tmpfs.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["FULL_FOLDER"] != nil))
    func aFullDiskRefusesAndKeepsNothing() async throws {
        let folder = try #require(ProcessInfo.processInfo.environment["FULL_FOLDER"]) + "/proofs"
        let store = FileProofStore(folder: folder)
        await #expect(throws: ProofStoreFault.full) {
            try await ProofIntake(store: store).take(Upload(content: picture(bytes: 10_000_000)))
        }
        #expect(files(below: folder).isEmpty)
        let small = picture(bytes: 100_000)
        let proof = try await ProofIntake(store: store).take(Upload(content: small))
        #expect(try await ProofReader(store: store).open(proof.name, fileKey: proof.fileKey).content() == small)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func content(_ name: ProofName, _ store: FileProofStore) async throws -> [UInt8] {
        var content: [UInt8] = []
        for try await piece in try await store.open(name) { content += piece }
        return content
    }
}

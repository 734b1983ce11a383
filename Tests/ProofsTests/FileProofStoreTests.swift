import Foundation
import Testing
import Vault

@testable import Proofs

struct FileProofStoreTests {
    @Test func filesAndFoldersAreForTheirOwnerOnly() async throws {
        try await withFileStore { store, folder in
            let name = try ProofName.sample()
            try await store.put(name) { sink in try await sink.add([1, 2, 3]) }
            #expect(try mode(folder) == 0o700)
            #expect(try mode(folder + "/aa") == 0o700)
            #expect(try mode(folder + "/aa/" + name.text) == 0o600)
            #expect(files(below: folder).count == 1)
        }
    }

    @Test func aFileBeingReadSurvivesItsRemoval() async throws {
        try await withFileStore { store, _ in
            let name = try ProofName.sample()
            let bytes = document(bytes: 500_000)
            try await store.put(name) { sink in try await sink.add(bytes) }
            let opened = try await store.open(name)
            try await store.delete(name)
            var read: [UInt8] = []
            for try await piece in opened { read += piece }
            #expect(read == bytes)
        }
    }

    @Test func aFolderThatCannotBeWrittenIsToldAndAFineOneIsLeftAsItWas() async throws {
        try await withFileStore { store, folder in
            try await store.check()
            #expect(files(below: folder).isEmpty)
            #expect(try await store.names(after: nil, limit: 10).isEmpty)
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            let fault = await #expect(throws: ProofStoreFault.self) {
                try await FileProofStore(folder: folder + "/file").check()
            }
            #expect(fault == .system(reason: "Not a directory"))
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
            try await ProofIntake(store: store).take(Upload(content: document(bytes: 10_000_000)))
        }
        #expect(files(below: folder).isEmpty)
        let small = document(bytes: 100_000)
        let proof = try await ProofIntake(store: store).take(Upload(content: small))
        #expect(try await ProofReader(store: store).open(proof.name, fileKey: proof.fileKey).content() == small)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

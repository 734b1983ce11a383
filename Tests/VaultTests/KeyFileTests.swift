import Foundation
import Testing

@testable import Vault

struct KeyFileTests {
    @Test func aNewFileIsPrivateAndReadsBack() throws {
        try withFolder { folder in
            let path = folder + "/keys.json"
            let made = try KeyFile.create(at: path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            let read = try KeyFile.read(at: path)
            #expect(read.active == made.active)
            #expect(Keys(read).pepper == Keys(made).pepper)
        }
    }

    @Test func anExistingFileIsNeverOverwritten() throws {
        try withFolder { folder in
            let path = folder + "/keys.json"
            let made = try KeyFile.create(at: path)
            #expect(throws: VaultFault.keyFileExists) { try KeyFile.create(at: path) }
            #expect(try Keys(KeyFile.read(at: path)).auditKey == Keys(made).auditKey)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666, 0o777])
    func aFileWithRightsForOthersIsRefused(mode: Int) throws {
        try withFolder { folder in
            let path = folder + "/keys.json"
            _ = try KeyFile.create(at: path)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let fault = #expect(throws: VaultFault.self) { try KeyFile.read(at: path) }
            guard case .keyFileUnsafe = fault else {
                Issue.record("mode \(mode) gave \(String(describing: fault))")
                return
            }
        }
    }

    @Test func linksFoldersAndMissingFilesAreRefused() throws {
        try withFolder { folder in
            _ = try KeyFile.create(at: folder + "/keys.json")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.json", withDestinationPath: folder + "/keys.json")
            for name in ["link.json", "missing.json", "."] {
                #expect(throws: VaultFault.self, "\(name)") { try KeyFile.read(at: folder + "/" + name) }
            }
        }
    }

    @Test func contentThatIsNoKeyFileIsRefused() throws {
        let good = String(repeating: "A", count: 43) + "="
        let short = Base64.encode([1, 2, 3])
        let texts = [
            "", "{}", "[]", #"{"version":2,"active":"a","keys":{"a":"\#(good)"},"root":"\#(good)"}"#,
            #"{"version":1,"active":"b","keys":{"a":"\#(good)"},"root":"\#(good)"}"#,
            #"{"version":1,"active":"a","keys":{"a":"\#(short)"},"root":"\#(good)"}"#,
            #"{"version":1,"active":"a","keys":{"a":"\#(good)"},"root":"\#(short)"}"#,
        ]
        for text in texts {
            #expect(throws: VaultFault.self, "\(text)") { try KeyFile(json: utf8(text)) }
        }
        let json = #"{"version":1,"active":"a","keys":{"a":"\#(good)"},"root":"\#(good)"}"#
        #expect(try KeyFile(json: utf8(json)).active == "a")
    }

    @Test func derivedKeysDifferByPurpose() throws {
        let keys = Keys(try KeyFile.generate())
        let derived = [keys.codeKey, keys.pepper, keys.auditKey, keys.linkKey]
        #expect(Set(derived.map { Hex.encode($0.bytes) }).count == derived.count)
        let indexes = IndexClass.allCases.map { keys.blindIndex($0).index("+8613800138000") }
        #expect(Set(indexes).count == indexes.count)
    }

    @Test func aWrappedKeyOpensOnlyWhereItBelongs() throws {
        let keys = Keys(try KeyFile.generate())
        let (key, wrapped) = try keys.newDataKey(id: 3, tenant: "m1", keyClass: .contact)
        #expect(try keys.unwrap(wrapped) == key)
        let moved = [
            WrappedKey(id: 4, kekID: wrapped.kekID, wrapped: wrapped.wrapped, tenant: "m1", keyClass: .contact),
            WrappedKey(id: 3, kekID: wrapped.kekID, wrapped: wrapped.wrapped, tenant: "m2", keyClass: .contact),
            WrappedKey(id: 3, kekID: wrapped.kekID, wrapped: wrapped.wrapped, tenant: "m1", keyClass: .proof),
        ]
        for stored in moved {
            #expect(throws: VaultFault.damaged) { try keys.unwrap(stored) }
        }
        let stranger = Keys(try KeyFile.generate())
        #expect(throws: VaultFault.unknownKey(id: wrapped.kekID)) { try stranger.unwrap(wrapped) }
    }

    @Test func anOlderWrappingKeyStillOpensAfterRotation() throws {
        let before = try KeyFile.generate()
        let (key, wrapped) = try Keys(before).newDataKey(id: 1, tenant: "m1", keyClass: .contact)
        let after = try KeyFile(json: try before.rotated().json())
        #expect(after.active != before.active)
        #expect(try Keys(after).unwrap(wrapped) == key)
        #expect(try Keys(after).newDataKey(id: 2, tenant: "m1", keyClass: .contact).wrapped.kekID == after.active)
    }
}

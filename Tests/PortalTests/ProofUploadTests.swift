import Foundation
import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

@Suite struct ProofUploadTests {
    @Test func whatIsNoPictureIsRefusedByItsContentAndNamed() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            for (name, bytes) in [
                ("a.png", Array("#!/bin/sh\necho".utf8)), ("<b>.jpg", Array("<html>".utf8)), ("empty.pdf", []),
            ] {
                let answer = try await journey.browser.upload(
                    "/request/proof", ["kind": "photo"], [.init(name: name, bytes)])
                #expect(answer.status == .unprocessableContent)
                #expect(answer.page.contains("id=\"file-problem\""))
                #expect(!answer.page.contains("<b>"))
            }
            #expect(try stored(portal).isEmpty)
        }
    }

    @Test func aFormWithoutAFileAsksForOne() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let answer = try await journey.browser.upload("/request/proof", ["kind": "photo"], [])
            #expect(answer.status == .unprocessableContent)
            let onward = try await journey.browser.post("/request/proof")
            #expect(onward.status == .unprocessableContent, "this reason demands proof")
            #expect(onward.page.contains("请选择一张照片或一个文件"))
        }
    }

    @Test func goingOnTakesTheChosenFileAlong() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let early = try await journey.browser.upload("/request/proof", ["kind": "photo", "continue": "yes"], [])
            #expect(early.status == .unprocessableContent)
            let taken = try await journey.browser.upload(
                "/request/proof", ["kind": "photo", "continue": "yes"], [.init(name: "a.png", Journey.picture)])
            #expect(taken.headers[.location] == "/request/contact")
            #expect(try stored(portal).count == 1)
            let without = try await journey.browser.upload("/request/proof", ["continue": "yes"], [])
            #expect(without.headers[.location] == "/request/contact", "one file is enough")
        }
    }

    @Test func aFileAboveTenMebibytesLeavesNothingBehind() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let large = Journey.picture + Array(repeating: 1, count: 10 * 1024 * 1024)
            let answer = try await journey.browser.upload(
                "/request/proof", ["kind": "photo"], [.init(name: "large.png", large)])
            #expect(answer.status == .contentTooLarge)
            #expect(answer.page.contains("超过 10 MB"))
            #expect(try stored(portal).isEmpty)
        }
    }

    @Test func theEleventhFileIsRefusedAndTheOthersStay() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let files = (0...ProofRoom.filesMax).map { Browser.File(name: "\($0).png", Journey.picture) }
            let answer = try await journey.browser.upload("/request/proof", ["kind": "photo"], files)
            #expect(answer.status == .unprocessableContent)
            #expect(answer.page.contains("10.png"))
            #expect(try stored(portal).count == Int(ProofRoom.filesMax))
        }
    }

    @Test func aRemovedFileIsGoneFromTheListAndTheStore() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            _ = try await journey.browser.upload(
                "/request/proof", ["kind": "receipt"], [.init(name: "a.png", Journey.picture)])
            #expect(try stored(portal).count == 1)
            let page = try await journey.browser.get("/request/proof").page
            let id = try #require(Journey.value(of: "remove", in: page))
            #expect(try await journey.browser.post("/request/proof", ["remove": id]).status == .seeOther)
            #expect(try await journey.browser.get("/request/proof").page.contains("name=\"remove\"") == false)
            #expect(try stored(portal).isEmpty)
            #expect(try await journey.browser.post("/request/proof", ["remove": "nonsense"]).status == .seeOther)
        }
    }

    @Test func whatLiesInTheStoreIsSealed() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            _ = try await journey.browser.upload(
                "/request/proof", ["kind": "receipt"], [.init(name: "a.png", Journey.picture)])
            let path = try #require(try stored(portal).first)
            let bytes = try Data(contentsOf: URL(filePath: path))
            #expect(bytes.range(of: Data("IHDR".utf8)) == nil)
        }
    }

    @Test func aFileThatMayHaveBeenTakenStays() async throws {
        try await withPortal { portal in
            let journey = try await atProof(portal)
            let files = ["a.png", "b.png"].map { Browser.File(name: $0, Journey.picture) }
            portal.store.begin(.lostAnswer)
            let answer = try await journey.browser.upload("/request/proof", ["kind": "photo"], files)
            #expect(answer.status == .serviceUnavailable)
            // The first was taken and nobody heard of it; the second was not tried.
            #expect(try await journey.browser.get("/request/proof").page.contains("name=\"remove\""))
            #expect(try stored(portal).count == 1)
            portal.store.begin(.fault(.full))
            _ = try await journey.browser.upload("/request/proof", ["kind": "photo"], files)
            #expect(try stored(portal).count == 1)
        }
    }

    @Test func anUploadWithoutASessionStoresNothing() async throws {
        try await withPortal { portal in
            let answer = try await portal.browser().upload(
                "/request/proof", ["kind": "photo"], [.init(name: "a.png", Journey.picture)])
            #expect(answer.headers[.location] == "/request")
            #expect(try stored(portal).isEmpty)
        }
    }

    private func atProof(_ portal: PortalUnderTest) async throws -> Journey {
        let journey = Journey(portal)
        try await journey.find()
        try await journey.chooseReason("goods-faulty")
        try await journey.chooseAmount()
        return journey
    }

    /// The files in the proof store.
    private func stored(_ portal: PortalUnderTest) throws -> [String] {
        let folder = portal.folder + "/proofs"
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.map { "\(folder)/\($0)" }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }
}

import Foundation
import TestSupport
import Testing

@testable import PortalCommand

@Suite struct SpoolTests {
    @Test func aShortInputNeverTouchesTheDisk() throws {
        // No file could be made in this folder.
        var spool = CommandSpool(folder: "/nowhere")
        try spool.append(Array("secret".utf8))
        #expect(try spool.input.all(bytesMax: 100) == Array("secret".utf8))
    }

    @Test func aLongInputGoesToAFileWithoutAName() async throws {
        try await withTemporaryFolder { folder in
            var spool = CommandSpool(folder: folder)
            let block = Array((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
            for _ in 0..<10 { try spool.append(block) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            #expect(spool.input.size == 1_000_000)
            #expect(try spool.input.all(bytesMax: 1_000_000) == Array((0..<10).map { _ in block }.joined()))
        }
    }

    @Test func aLongInputWithoutAPlaceIsRefused() {
        var spool = CommandSpool(folder: "/nowhere")
        let fault = #expect(throws: CommandFailure.self) {
            try spool.append(Array(repeating: 0, count: CommandSpool.memoryBytesMax + 1))
        }
        #expect(fault?.code == .cannotCreate)
    }

    @Test func moreThanWasAskedForIsRefused() {
        #expect(throws: CommandFailure.self) { try CommandInput.bytes([1, 2, 3]).all(bytesMax: 2) }
    }
}

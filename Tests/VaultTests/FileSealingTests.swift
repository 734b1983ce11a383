import Testing

@testable import Vault

struct FileSealingTests {
    private static let chunk = 64 * 1024
    private let key = Secret(bytes: Array(repeating: 5, count: 32))

    @Test(arguments: [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 2 * chunk + 17])
    func everySizeComesBack(size: Int) throws {
        let clear = content(size)
        let sealed = try seal(clear, piece: 10_007)
        let chunks = max(1, (size + FileSealingTests.chunk - 1) / FileSealingTests.chunk)
        #expect(sealed.count == 1 + size + 16 * chunks)
        #expect(try seal(clear, piece: size + 1) == sealed)
        for piece in [997, FileSealingTests.chunk, sealed.count] {
            #expect(try open(sealed, piece: piece) == clear)
        }
    }

    @Test func changedChunksDoNotOpen() throws {
        let sealed = try seal(content(FileSealingTests.chunk + 100), piece: 5000)
        for position in [0, 1, 500, FileSealingTests.chunk + 1, FileSealingTests.chunk + 17, sealed.count - 1] {
            var changed = sealed
            changed[position] ^= 1
            #expect(throws: VaultFault.damaged, "byte \(position)") { try open(changed, piece: 9999) }
        }
    }

    @Test func cutReorderedAndLengthenedFilesDoNotOpen() throws {
        let whole = FileSealingTests.chunk + 16
        let sealed = try seal(content(3 * FileSealingTests.chunk), piece: 5000)
        let first = Array(sealed[1..<(1 + whole)])
        let second = Array(sealed[(1 + whole)..<(1 + 2 * whole)])
        let third = Array(sealed[(1 + 2 * whole)...])
        let wrong: [[UInt8]] = [
            [], [1], [1] + first, [1] + first + second, [1] + second + first + third, [1] + first + third,
            [1] + first + first + second + third, sealed + [0], Array(sealed.dropLast()), sealed + third,
            [2] + first + second + third, [1] + first + second + third.prefix(16),
        ]
        for bytes in wrong {
            #expect(throws: VaultFault.damaged, "\(bytes.count) bytes") { try open(bytes, piece: 7777) }
        }
        #expect(try open([1] + first + second + third, piece: 7777) == content(3 * FileSealingTests.chunk))
    }

    @Test func anotherFilesKeyDoesNotOpen() throws {
        let sealed = try seal(content(10), piece: 10)
        var opener = FileOpener(key: try FileSealer.newKey())
        #expect(try opener.add(sealed).isEmpty)
        do {
            _ = try opener.finish()
            Issue.record("opened")
        } catch {
            #expect(error == .damaged)
        }
    }

    private func content(_ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    }

    private func seal(_ clear: [UInt8], piece: Int) throws -> [UInt8] {
        var sealer = FileSealer(key: key)
        var sealed: [UInt8] = []
        for start in stride(from: 0, to: clear.count, by: piece) {
            sealed += try sealer.add(Array(clear[start..<min(start + piece, clear.count)]))
        }
        return sealed + (try sealer.finish())
    }

    private func open(_ sealed: [UInt8], piece: Int) throws -> [UInt8] {
        var opener = FileOpener(key: key)
        var clear: [UInt8] = []
        for start in stride(from: 0, to: sealed.count, by: max(1, piece)) {
            clear += try opener.add(Array(sealed[start..<min(start + piece, sealed.count)]))
        }
        return clear + (try opener.finish())
    }
}

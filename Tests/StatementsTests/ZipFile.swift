import CZlib

@testable import Statements

/// A ZIP archive as a test wants it, right or wrong.
struct ZipFile {
    struct Member {
        var name: [UInt8]
        var text: [UInt8]
        var isStored = false
        /// Sum and sizes behind the data, with or without eight bytes for a size.
        var hasDescriptor = false
        var hasLongSizes = false
        var flags: UInt16 = 0
        var method: UInt16?
        var sum: UInt32?

        init(_ name: String, _ text: [UInt8]) {
            self.name = Array(name.utf8)
            self.text = text
        }

        func with(_ change: (inout Member) -> Void) -> Member {
            var copy = self
            change(&copy)
            return copy
        }
    }

    var members: [Member]
    var hasDirectory = true
    var listed: Int?
    var comment: [UInt8] = []

    init(_ members: Member...) {
        self.members = members
    }

    var bytes: [UInt8] {
        var result: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let place = result.count
            let data = member.isStored ? member.text : deflated(member.text, -15)
            let sum = member.sum ?? checksum(member.text)
            let sizes: [UInt8] = little(sum, 4) + little(data.count, 4) + little(member.text.count, 4)
            let flags = member.flags | (member.hasDescriptor ? 8 : 0)
            let method = member.method ?? (member.isStored ? 0 : 8)
            let shared = little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4)
            let extra = member.hasLongSizes ? little(1, 2) + little(16, 2) + little(0, 16) : []
            result += Array("PK\u{3}\u{4}".utf8) + shared
            result += member.hasDescriptor ? little(0, 12) : sizes
            result += little(member.name.count, 2) + little(extra.count, 2) + member.name + extra + data
            if member.hasDescriptor {
                let width = member.hasLongSizes ? 8 : 4
                result += Array("PK\u{7}\u{8}".utf8) + little(sum, 4)
                result += little(data.count, width) + little(member.text.count, width)
            }
            directory += Array("PK\u{1}\u{2}".utf8) + little(20, 2) + shared + sizes
            directory += little(member.name.count, 2) + little(0, 12) + little(place, 4) + member.name
        }
        guard hasDirectory else { return result }
        let count = listed ?? members.count
        let end = little(0, 4) + little(count, 2) + little(count, 2) + little(directory.count, 4)
        return result + directory + Array("PK\u{5}\u{6}".utf8) + end + little(result.count, 4)
            + little(comment.count, 2) + comment
    }

    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) })
    }

    private func little(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: UInt64(value) >> (8 * UInt64($0))) : 0 }
    }
}

/// The bytes as DEFLATE data within the container that zlib's number names.
func deflated(_ bytes: [UInt8], _ windowBits: Int32) -> [UInt8] {
    var stream = z_stream()
    guard czlib_deflate_init(&stream, 6, windowBits) == Z_OK else { return [] }
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1024)
    let left = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            _ = deflate(&stream, Z_FINISH)
            return Int(stream.avail_out)
        }
    }
    return Array(output.prefix(output.count - left))
}

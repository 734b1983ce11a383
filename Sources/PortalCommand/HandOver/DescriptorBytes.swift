import Foundation
import NIOCore
import NIOPosix

/// What a descriptor still has to give, block by block, read on a thread that may wait.
struct DescriptorBytes: AsyncSequence, Sendable {
    static let blockBytes = 64 * 1024
    let descriptor: Int32

    struct AsyncIterator: AsyncIteratorProtocol {
        let descriptor: Int32

        func next() async throws -> ByteBuffer? {
            let descriptor = descriptor
            return try await NIOThreadPool.singleton.runIfActive {
                var block = [UInt8](repeating: 0, count: blockBytes)
                while true {
                    let count = read(descriptor, &block, block.count)
                    if count > 0 { return ByteBuffer(bytes: block.prefix(count)) }
                    if count == 0 { return nil }
                    guard errno == EINTR else {
                        throw CommandFailure(.inputOutput, "The input cannot be read.")
                    }
                }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(descriptor: descriptor)
    }
}

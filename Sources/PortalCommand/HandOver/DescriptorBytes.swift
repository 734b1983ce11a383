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
                try readBlock(descriptor).map { ByteBuffer(bytes: $0) }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(descriptor: descriptor)
    }
}

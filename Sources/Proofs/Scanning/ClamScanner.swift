internal import NIOCore
internal import NIOPosix

/// What a virus scanner says of a file.
public enum ScanResult: Sendable, Hashable {
    /// No scanner is set up.
    case off
    /// The scanner looked at all of it and found nothing.
    case clean
    /// The scanner found something, by the name that it gives it.
    case infected(name: String)
    /// The scanner did not say that it is clean: it is looked at again later, and not shown before.
    case held(reason: String)
}

/// A client of clamd (`man 8 clamd`, INSTREAM).
///
/// clamd fails open: what it gives up on it calls an error, and what it never looked at it may call clean. So the one
/// answer that counts as clean is the literal one, and everything else holds the file back.
public struct ClamScanner: Sendable {
    /// Bytes sent at a time.
    private static let chunkBytes = 64 * 1024
    /// Bytes of an answer.
    private static let answerBytesMax = 1024
    private static let connectTime = TimeAmount.seconds(5)

    private let address: ScannerAddress
    private let time: Duration

    /// - Parameter time: for all of one file.
    public init(_ address: ScannerAddress, time: Duration = .seconds(15)) {
        self.address = address
        self.time = time
    }

    /// Whether clamd answers at this moment, in words for operators; nil when it does.
    public func obstacle() async -> String? {
        do {
            let answer = try await exchange { try await $0.write(ByteBuffer(string: "zPING\0")) }
            return answer == "PONG" ? nil : "answers something else"
        } catch {
            return "does not answer"
        }
    }

    /// Has a file looked at.
    func scan(_ file: MemoryFile) async -> ScanResult {
        do {
            let answer = try await exchange { outbound in
                try await outbound.write(ByteBuffer(string: "zINSTREAM\0"))
                var offset: Int64 = 0
                while true {
                    let piece = try file.read(from: offset, bytesMax: ClamScanner.chunkBytes)
                    var chunk = ByteBuffer(integer: UInt32(piece.count))
                    chunk.writeBytes(piece)
                    try await outbound.write(chunk)
                    if piece.isEmpty { break }
                    offset += Int64(piece.count)
                }
            }
            return ClamScanner.read(answer)
        } catch is ScannerSilence {
            return .held(reason: "no answer in time")
        } catch {
            return .held(reason: "not reachable")
        }
    }

    /// What an answer means.
    static func read(_ answer: String) -> ScanResult {
        if answer == "stream: OK" { return .clean }
        if answer.hasPrefix("stream: "), answer.hasSuffix(" FOUND") {
            let name = answer.dropFirst("stream: ".count).dropLast(" FOUND".count)
            if !name.isEmpty { return .infected(name: plain(name)) }
        }
        return .held(reason: plain(answer.isEmpty ? "no answer" : answer[...]))
    }

    /// The letters that signatures' names are made of, and not too many.
    private static func plain(_ text: Substring) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(120).map { isPlain($0) ? $0 : "?" }))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (0x20...0x7E).contains(scalar.value)
    }

    private struct ScannerSilence: Error {}

    private typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Says something and reads the answer up to its NUL.
    private func exchange(_ say: @escaping @Sendable (Outbound) async throws -> Void) async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                try await connect().executeThenClose { inbound, outbound in
                    try await say(outbound)
                    var answer: [UInt8] = []
                    for try await piece in inbound {
                        answer += piece.readableBytesView
                        if answer.contains(0) || answer.count > ClamScanner.answerBytesMax { break }
                    }
                    // Without its end an answer is none: `stream: OK` may go on.
                    guard let end = answer.firstIndex(of: 0) else { return "" }
                    return String(decoding: answer.prefix(end), as: UTF8.self)
                }
            }
            group.addTask {
                try await Task.sleep(for: time)
                throw ScannerSilence()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ""
        }
    }

    private func connect() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(ClamScanner.connectTime)
        switch address {
        case .unix(let path):
            return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: ClamScanner.wrap)
        case .tcp(let host, let port):
            return try await bootstrap.connect(host: host, port: port, channelInitializer: ClamScanner.wrap)
        }
    }

    @Sendable private static func wrap(
        _ channel: any Channel
    ) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> {
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
    }
}

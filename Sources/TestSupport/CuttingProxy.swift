import Foundation
import Synchronization

/// Stands between a client and a server on this machine and breaks off where a test says so.
public final class CuttingProxy: Sendable {
    /// What happens to the connection that is the next to send a certain text.
    public enum Cut: Sendable {
        /// The text does not reach the server.
        case before
        /// The server has answered it; the client never hears of that.
        case after
    }

    /// Where it listens.
    public let port: Int
    private let listener: Int32
    private let server: Int
    private let plan = Mutex<(text: String, cut: Cut)?>(nil)

    /// Listens on a free port until the process ends.
    ///
    /// - Parameter server: the port that it leads to.
    public init(to server: Int) throws {
        self.server = server
        port = try PostgresServer.freePort()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isListening = Self.with(port) { bind(listener, $0, $1) } == 0 && listen(listener, 64) == 0
        guard isListening else { throw Program.Failure(reason: "the proxy cannot listen") }
        Thread.detachNewThread { [self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                Thread.detachNewThread { [self] in serve(client) }
            }
        }
    }

    /// Cuts the next connection that sends `text`, once.
    public func cutNext(_ cut: Cut, at text: String) {
        plan.withLock { $0 = (text, cut) }
    }

    private func serve(_ client: Int32) {
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard Self.with(server, { connect(upstream, $0, $1) }) == 0 else {
            close(client)
            return
        }
        var waiting = [
            pollfd(fd: client, events: Int16(POLLIN), revents: 0),
            pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
        ]
        var isCutting = false
        while poll(&waiting, 2, -1) >= 0 {
            if waiting[0].revents != 0 {
                guard let bytes = Self.read(client) else { break }
                let cut = plan.withLock { plan -> Cut? in
                    guard let found = plan, bytes.contains(found.text) else { return nil }
                    plan = nil
                    return found.cut
                }
                if case .before = cut { break }
                isCutting = cut != nil
                Self.write(bytes.data, to: upstream)
            }
            if waiting[1].revents != 0 {
                guard let bytes = Self.read(upstream), !isCutting else { break }
                Self.write(bytes.data, to: client)
            }
        }
        close(client)
        close(upstream)
    }

    private struct Bytes {
        let data: Data

        func contains(_ text: String) -> Bool { data.range(of: Data(text.utf8)) != nil }
    }

    private static func read(_ socket: Int32) -> Bytes? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        return count > 0 ? Bytes(data: Data(bytes.prefix(count))) : nil
    }

    private static func write(_ data: Data, to socket: Int32) {
        data.withUnsafeBytes { _ = send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private static func with(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

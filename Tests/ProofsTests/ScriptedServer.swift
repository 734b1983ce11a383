import Foundation
import Synchronization

/// An HTTP server that answers as it is told, one request after the other, each on a connection of its own; a request
/// that nothing was said about gets no answer.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case answer(Int, headers: [String] = [], body: [UInt8] = [])
        /// The head promises so many bytes more than come.
        case cutOff(Int, headers: [String] = [], body: [UInt8] = [], missing: Int)
        /// The head comes, then nothing.
        case stall
        /// Nothing comes.
        case silence
        /// The connection ends without an answer.
        case hangUp

        static func refusal(_ status: Int, _ code: String) -> Step {
            .answer(status, body: Array("<Error><Code>\(code)</Code></Error>".utf8))
        }
    }

    let port: Int
    private let socket: Int32
    private let script: Mutex<[Step]>
    private let seen = Mutex<[String]>([])
    private let open = Mutex<[Int32]>([])

    /// First lines of all requests so far.
    var requests: [String] { seen.withLock { $0 } }

    /// Runs a test against a server that ends with it.
    static func run(_ script: [Step], _ test: (ScriptedServer) async throws -> Void) async throws {
        let server = try ScriptedServer(script)
        let thread = Thread { server.serve() }
        thread.start()
        defer { server.stop() }
        try await test(server)
    }

    private struct NoSocket: Error {}

    private init(_ script: [Step]) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(socket, pointer, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
        guard isListening else { throw NoSocket() }
        self.socket = socket
        self.script = Mutex(script)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    private func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
        open.withLock { connections in connections.forEach { close($0) } }
    }

    private func serve() {
        while true {
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else { return }
            // On a thread of its own: a client may open connections that it does not use.
            Thread.detachNewThread { self.answer(connection) }
        }
    }

    private func answer(_ connection: Int32) {
        guard readRequest(connection) else {
            close(connection)
            return
        }
        switch script.withLock({ $0.isEmpty ? Step.silence : $0.removeFirst() }) {
        case .answer(let status, let headers, let body):
            write(connection, head(status, headers, length: body.count) + body)
            close(connection)
        case .cutOff(let status, let headers, let body, let missing):
            write(connection, head(status, headers, length: body.count + missing) + body)
            close(connection)
        case .stall:
            write(connection, head(206, [], length: 100))
            open.withLock { $0.append(connection) }
        case .silence: open.withLock { $0.append(connection) }
        case .hangUp: close(connection)
        }
    }

    private func head(_ status: Int, _ headers: [String], length: Int) -> [UInt8] {
        let lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(length)", "Connection: close"] + headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// False when the connection ends before a whole request.
    private func readRequest(_ connection: Int32) -> Bool {
        var request: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        var wanted = Int.max
        while request.count < wanted {
            let count = read(connection, &block, block.count)
            guard count > 0 else { return false }
            request += block.prefix(count)
            if wanted == Int.max, let end = Data(request.prefix(16_384)).range(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: request.prefix(end.lowerBound), as: UTF8.self)
                let lines = head.components(separatedBy: "\r\n")
                seen.withLock { $0.append(lines.first ?? "") }
                let length = lines.first { $0.lowercased().hasPrefix("content-length:") }?.dropFirst(15)
                wanted = end.upperBound + (length.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } ?? 0)
            }
        }
        return true
    }

    private func write(_ connection: Int32, _ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

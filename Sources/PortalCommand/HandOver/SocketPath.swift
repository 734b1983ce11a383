import Foundation

/// The socket beside the database file, at which the serving process takes over commands that write.
struct SocketPath: Sendable, Equatable {
    let text: String

    /// What the system's `sockaddr_un` holds, less the closing zero.
    static let bytesMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// - Throws: ``CommandFailure`` (configuration) when the path is too long for a socket.
    init(databasePath: String) throws(CommandFailure) {
        text = databasePath + ".sock"
        let bytes = text.utf8.count
        guard bytes <= Self.bytesMax else {
            throw CommandFailure(
                .configuration,
                """
                DATABASE_URL: the path of the socket beside the database has \(bytes) bytes, the system allows \
                \(Self.bytesMax). Choose a shorter path, or start in the data folder and give a relative one.
                """)
        }
    }
}

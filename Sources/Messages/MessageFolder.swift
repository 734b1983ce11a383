import Foundation
import Words

/// Why a message could not be handed over.
public enum MessageFault: Error, Sendable, Hashable {
    /// The folder cannot be written: the disk is full, or it is gone.
    case folder(String)
    /// There is nothing to hand messages to: no folder is set.
    case noPost
}

/// Hands messages over to whatever brings them to people.
public protocol MessageSender: Sendable {
    /// Sends a message; the same id sent again must not reach the person twice.
    ///
    /// - Throws: ``MessageFault``; the message is then tried again later.
    func send(_ message: Message) async throws
}

/// Writes every message as a file instead of sending it (`MESSAGE_DIR`).
///
/// The file `YYYYMMDDThhmmssZ-ID.txt` has the header lines `To`, `Kind`, `Language`, `Subject`, an empty line and the
/// text as it would be sent.
public struct MessageFolder: MessageSender {
    private let folder: String

    /// Makes the folder when it is missing, readable by its owner only.
    ///
    /// - Throws: ``MessageFault/folder(_:)``.
    public init(folder: String) throws(MessageFault) {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .folder(folder)
        }
    }

    /// Writes the message's file; the same message again replaces it.
    ///
    /// - Throws: ``MessageFault/folder(_:)``.
    public func send(_ message: Message) async throws {
        let name = "\(MessageFolder.stamp(message.writtenMilliseconds))-\(message.id).txt"
        let lines = [
            "To: \(message.to)", "Kind: \(message.kind)", "Language: \(message.language.rawValue)",
            "Subject: \(message.subject)", "", message.text, "",
        ]
        let path = "\(folder)/\(name)"
        let data = Data(lines.joined(separator: "\n").utf8)
        do {
            // The name comes from the id and the time it was written down: a second sending replaces the first.
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch {
            throw MessageFault.folder(folder)
        }
    }

    /// The messages of the folder, newest first, at most so many.
    public func newest(_ count: Int) -> [(name: String, text: String)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted(by: >).prefix(count).compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
            return (name, String(decoding: data, as: UTF8.self))
        }
    }

    /// `20261122T091005Z`.
    private static func stamp(_ milliseconds: Int64) -> String {
        let text = Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
        return text.filter { $0 != "-" && $0 != ":" }
    }
}

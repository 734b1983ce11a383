import Foundation
import Vault

/// Commands and events as they travel between two processes.
enum CommandText {
    /// A command as base64url of its JSON, fit for an address.
    static func encode(_ command: some Encodable) throws -> String {
        Base64.encodeURL(Array(try JSONEncoder().encode(command)))
    }

    /// The command of a text, or nil when it is none.
    static func decode<Command: Decodable>(_ type: Command.Type, _ text: String) -> Command? {
        guard let json = Base64.decodeURL(text) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch {
            return nil
        }
    }

    /// An event as one line of JSON with its line end.
    static func line(_ event: CommandEvent) throws -> [UInt8] {
        try JSONEncoder().encode(event) + [UInt8(ascii: "\n")]
    }

    /// The event of a line without its line end.
    static func event(_ line: some Sequence<UInt8>) throws -> CommandEvent {
        try JSONDecoder().decode(CommandEvent.self, from: Data(line))
    }
}

import Foundation

/// Commands and events as they travel between two processes.
enum CommandText {
    /// A command as base64url of its JSON, fit for an address.
    static func encode(_ command: some Encodable) throws -> String {
        let base64 = try JSONEncoder().encode(command).base64EncodedString()
        return String(
            base64.compactMap { symbol in
                switch symbol {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: symbol
                }
            })
    }

    /// The command of a text, or nil when it is none.
    static func decode<Command: Decodable>(_ type: Command.Type, _ text: String) -> Command? {
        let symbols = text.map { symbol -> Character in
            switch symbol {
            case "-": "+"
            case "_": "/"
            default: symbol
            }
        }
        let padding = String(repeating: "=", count: (4 - symbols.count % 4) % 4)
        guard let data = Data(base64Encoded: String(symbols) + padding) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: data)
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

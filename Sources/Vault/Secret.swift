/// Bytes or text that must never appear in a log, a message or a crash report: whatever prints it prints `•••`.
public struct Secret: Sendable {
    /// The secret itself; pass it on, never print it.
    public let bytes: [UInt8]

    /// Keeps secret bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Keeps a secret text as UTF-8.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The secret as text, or nil when its bytes are not UTF-8.
    public var text: String? {
        String(validating: bytes, as: UTF8.self)
    }
}

extension Secret: Equatable {
    /// Compares in a time that depends on the lengths only.
    public static func == (left: Secret, right: Secret) -> Bool {
        constantTimeEqual(left.bytes, right.bytes)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `•••`.
    public var description: String { "•••" }

    /// Always `•••`.
    public var debugDescription: String { "•••" }

    /// Shows no children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Decodable {
    /// Reads a text, as settings hold it. There is no encoding: a secret leaves only by `bytes`.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }
}

import CLibPQ
import Storage

/// What went wrong in a session, before it is decided whether to try again.
enum SessionFault: Error {
    /// Another transaction was in the way; the same work may succeed now.
    case conflict
    /// The connection is gone, or of no more use, in libpq's words or the server's. Nothing of an unfinished
    /// transaction has taken effect.
    case lost(String)
    /// The server says that it ends this connection, or cannot tell whether the transaction took effect.
    case ending(String)
    /// Trying again would bring the same.
    case fault(StoreFault)
}

extension SessionFault {
    /// What a result says that is an error.
    init(_ result: OpaquePointer) {
        let state = Self.field(result, UInt8(ascii: "C")) ?? ""
        let message = Self.field(result, UInt8(ascii: "M")) ?? ""
        self.init(state: state, message: message)
    }

    /// - Parameters:
    ///   - state: the five characters of postgresql.org/docs/15/errcodes-appendix.html.
    ///   - message: in the server's words.
    init(state: String, message: String) {
        switch state {
        case "40001", "40P01": self = .conflict
        // The server holds another version of a statement that was prepared; a new session knows it anew.
        case "26000", "42P05": self = .lost(message)
        case "0A000" where message.hasPrefix("cached plan"): self = .lost(message)
        case "40003", "08007", "57P01", "57P02", "57P03", "57P05", "25P03": self = .ending(message)
        case "23505": self = .fault(.constraint(.unique))
        case "23503": self = .fault(.constraint(.foreignKey))
        case "23514": self = .fault(.constraint(.check))
        case "23502": self = .fault(.constraint(.notNull))
        case "25006": self = .fault(.readOnly)
        case "53100": self = .fault(.full)
        case "53300": self = .ending(message)
        case "57014", "55P03", "53200": self = .fault(.busy)
        case "58030": self = .fault(.inputOutput)
        case "XX001", "XX002": self = .fault(.corrupt)
        default: self = .fault(Self.other(state, message))
        }
    }

    private static func other(_ state: String, _ message: String) -> StoreFault {
        if state.hasPrefix("23") { return .constraint(.other) }
        // Class 42 speaks of the statement and of rights; other classes may repeat a bound value.
        return .other(state.hasPrefix("42") ? "PostgreSQL \(state): \(message)" : "PostgreSQL \(state)")
    }

    private static func field(_ result: OpaquePointer, _ code: UInt8) -> String? {
        PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
    }
}

import Storage
import Synchronization

/// Statements in the wording of SQLite, kept so that each is rewritten once.
///
/// SQLite takes `$2` for a name and numbers names by their first appearance; `?2` is the second value everywhere.
final class StatementTexts: Sendable {
    /// Statements are literals of the program, far fewer than this; clauses put together at run time stop here.
    private static let rememberedMax = 2_000

    /// A statement as SQLite takes it.
    struct Text {
        let sql: String
        /// How many values go with it: the highest number that it names.
        let valueCount: Int
    }

    private let known = Mutex<[String: Text]>([:])

    /// The statement with `?n` in place of each `$n` outside quotes and comments.
    func rewritten(_ sql: String) -> Text {
        known.withLock { known in
            if let text = known[sql] { return text }
            let text = Self.rewrite(sql)
            if known.count < Self.rememberedMax { known[sql] = text }
            return text
        }
    }

    private static func rewrite(_ sql: String) -> Text {
        var valueCount = 0
        let text = SQLText.replacingWords(in: sql) { word in
            let digits = word.dropFirst()
            guard word.hasPrefix("$"), digits.allSatisfy(\.isNumber), let number = Int(digits) else { return nil }
            valueCount = max(valueCount, number)
            return "?" + digits
        }
        return Text(sql: text, valueCount: valueCount)
    }
}

import Storage
import Synchronization

/// Statements in the wording of SQLite, kept so that each is rewritten once.
///
/// SQLite takes `$2` for a name and numbers names by their first appearance; `?2` is the second value everywhere.
final class StatementTexts: Sendable {
    /// Statements are literals of the program, far fewer than this; clauses put together at run time stop here.
    private static let rememberedMax = 2_000

    private let known = Mutex<[String: String]>([:])

    /// The statement with `?n` in place of each `$n` outside quotes and comments.
    func rewritten(_ sql: String) -> String {
        known.withLock { known in
            if let text = known[sql] { return text }
            let text = Self.rewrite(sql)
            if known.count < Self.rememberedMax { known[sql] = text }
            return text
        }
    }

    private static func rewrite(_ sql: String) -> String {
        SQLText.replacingWords(in: sql) { word in
            guard word.hasPrefix("$"), word.dropFirst().allSatisfy(\.isNumber), word.count > 1 else { return nil }
            return "?" + word.dropFirst()
        }
    }
}

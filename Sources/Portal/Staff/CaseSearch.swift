import RefundDesk
import RefundDomain
import Storage

/// Finds cases by whatever a caller can read out; every look-up goes through an index.
struct CaseSearch: Sendable {
    /// How many cases are shown; more of them need another number.
    static let linesMax = 50

    let scope: CaseScope
    let desk: Desk

    /// A case that was found, with what tells it from its neighbours.
    struct Found: Sendable, Hashable {
        let line: CaseLine
        let merchantID: String
        let merchantName: String
        let merchantNameEnglish: String?
        let cardLast4: String?
        let paidOn: Day
    }

    /// The cases that a text leads to, the newest first; a text that can be several things is looked up as each.
    func find(_ text: String, _ sql: any SQLReading) throws -> [Found] {
        if let number = try? CaseNumber.parse(text) {
            return try found(ids(CaseSearchStatements.byNumber, .text(number.text), sql), sql)
        }
        let token = CaseSearch.token(text)
        var ids: [String] = []
        if let token, token.utf8.count == 4, token.utf8.allSatisfy({ (48...57).contains($0) }) {
            ids += try self.ids(CaseSearchStatements.byLast4, .text(token), sql)
        }
        if let token {
            for statement in CaseSearchStatements.byPaymentNumber {
                ids += try self.ids(statement, .text(token), sql)
            }
        }
        ids += try byContact(text, sql)
        return try found(ids, sql)
    }

    private func byContact(_ text: String, _ sql: any SQLReading) throws -> [String] {
        // People of a merchant look cases up by what is on paper; contacts are for the support desk.
        guard case .every = scope else { return [] }
        let indexes = desk.contactIndexes(of: text)
        var ids: [String] = []
        if let email = indexes.email { ids += try self.ids(CaseSearchStatements.byEmail, .bytes(email), sql) }
        if let phone = indexes.phone { ids += try self.ids(CaseSearchStatements.byPhone, .bytes(phone), sql) }
        if let name = indexes.name { ids += try self.ids(CaseSearchStatements.byName, .bytes(name), sql) }
        return ids
    }

    private func ids(_ statement: String, _ value: SQLValue, _ sql: any SQLReading) throws -> [String] {
        try sql.rows(statement, [value, .int(CaseSearch.linesMax), whose]).map { try $0.text("id") }
    }

    private func found(_ ids: [String], _ sql: any SQLReading) throws -> [Found] {
        var seen: Set<String> = []
        let found = try ids.filter { seen.insert($0).inserted }.compactMap { id in try one(id, sql) }
        let newestFirst = found.sorted { ($1.line.submitted, $1.line.id) < ($0.line.submitted, $0.line.id) }
        return Array(newestFirst.prefix(CaseSearch.linesMax))
    }

    /// A case, when the scope may see it.
    private func one(_ id: String, _ sql: any SQLReading) throws -> Found? {
        guard let row = try sql.row(CaseSearchStatements.line, [.text(id), whose]) else { return nil }
        guard let paidOn = Day(iso: try row.text("paid_on")) else { throw StoreFault.wrongKind("paid_on") }
        return Found(
            line: try CaseLine(row), merchantID: try row.text("merchant_id"),
            merchantName: try row.text("merchant_name"),
            merchantNameEnglish: try row.textOrNil("merchant_name_en"), cardLast4: try row.textOrNil("card_last4"),
            paidOn: paidOn)
    }

    /// The tenant that every statement names; empty text stands for all of them.
    private var whose: SQLValue {
        switch scope {
        case .merchant(let merchant): .text(merchant.merchantID)
        case .every: .text("")
        }
    }

    /// The text as numbers are kept, without spaces and full-width digits; nil when there is nothing left.
    private static func token(_ text: String) -> String? {
        var token = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "０"..."９": token.unicodeScalars.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            case " ", "\u{3000}", "\u{A0}": continue
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token.isEmpty ? nil : token
    }
}

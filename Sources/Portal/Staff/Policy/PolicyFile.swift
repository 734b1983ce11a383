import Hummingbird
import RefundDesk
import RefundDomain
import Storage

/// Who looks at whose policy, and below which address.
struct PolicyVisit: Sendable {
    let member: StaffMember
    let merchantID: String
    /// The page of the policy; everything else lies below it.
    let address: String
    let area: StaffArea

    /// Somebody of the merchant.
    init(_ context: MerchantContext) {
        member = context.member
        merchantID = context.merchant.merchantID
        address = Paths.merchantPolicy
        area = .policy
    }

    /// The operator's finance desk, at the merchant of the address.
    ///
    /// - Throws: ``Refusal/notFound``.
    init(_ context: SupportContext, _ desk: Desk) async throws {
        let code = context.parameters.get("merchant") ?? ""
        let id = try await desk.store.read { sql in
            try sql.row("SELECT id FROM merchant WHERE code = $1", [.text(code)])?.text("id")
        }
        guard let id else { throw Refusal.notFound }
        member = context.member
        merchantID = id
        address = "\(Paths.supportPolicies)/\(code)"
        area = .policies
    }
}

/// A merchant's policy with its history, read in one moment.
struct PolicyFile: Sendable {
    let person: StaffPerson
    let merchantName: String
    let merchantNameEnglish: String?
    let zone: Zone
    let currency: Currency
    let inForce: Policy
    /// Newest first.
    let versions: [PolicyVersion]
    /// Everybody who proposed or decided, by id.
    let names: [String: String]
    /// Why versions were refused, by the version's id.
    let refusals: [String: String]

    /// The number of the newest version; 0 before the first.
    var newest: Int64 { versions.first?.number ?? 0 }

    static func read(_ visit: PolicyVisit, _ desk: Desk) async throws -> PolicyFile {
        let now = desk.clock()
        return try await desk.store.read { sql in
            guard
                let merchant = try sql.row(
                    "SELECT name, name_en, zone, currency FROM merchant WHERE id = $1", [.text(visit.merchantID)])
            else { throw Refusal.notFound }
            let zone = Zone(try merchant.text("zone")) ?? .utc
            let versions = try desk.policyVersions(of: visit.merchantID, sql)
            var staff = StaffNames(desk.seals, sql)
            var names: [String: String] = [:]
            for id in versions.flatMap({ [$0.proposedBy, $0.decidedBy] }).compactMap(\.self) {
                names[id] = try staff.short(id)
            }
            return PolicyFile(
                person: try StaffPerson.read(visit.member, desk.seals, sql), merchantName: try merchant.text("name"),
                merchantNameEnglish: try merchant.textOrNil("name_en"), zone: zone,
                currency: try merchant.currency(),
                inForce: try desk.policy(of: visit.merchantID, on: zone.day(now), sql), versions: versions,
                names: names, refusals: try refusals(of: visit.merchantID, versions, desk.seals, sql))
        }
    }

    private static func refusals(
        of merchantID: String, _ versions: [PolicyVersion], _ seals: Seals, _ sql: any SQLReading
    ) throws -> [String: String] {
        var found: [String: String] = [:]
        for version in versions where version.state == .refused {
            let row = try sql.row(
                """
                SELECT   number, text_sealed
                FROM     event
                WHERE    stream = $1
                AND      object_id = $2
                AND      what = 'policy.refused'
                ORDER BY number
                LIMIT    1
                """, [.text(merchantID), .text(version.id)])
            guard let row else { continue }
            let place = SealPlace(
                "event", "text", row: "\(merchantID)/\(try row.int("number"))", tenant: merchantID, .words)
            found[version.id] = try seals.openText(row.bytesOrNil("text_sealed"), place, sql)
        }
        return found
    }

    /// What the version replaces, or would replace: what is in force on its day without it.
    func before(_ version: PolicyVersion, standard: Policy) -> Policy {
        versions.first { $0.state == .confirmed && $0.number < version.number && $0.from <= version.from }?.policy
            ?? standard
    }
}

/// Merchants with their policies, a page at a time.
struct PolicyListing: Sendable {
    static let rowsMax = 50

    struct Row: Sendable {
        let code: String
        let name: String
        let nameEnglish: String?
        let policy: Policy
        /// How many versions wait for a second person.
        let waiting: Int
    }

    let rows: [Row]
    /// The code to go on after; nil at the end.
    let next: String?

    static func read(after code: String, _ desk: Desk, _ sql: any SQLReading) throws -> PolicyListing {
        let now = desk.clock()
        let found = try sql.rows(
            """
            SELECT   id, code, name, name_en, zone
            FROM     merchant
            WHERE    code > $1
            ORDER BY code, id
            LIMIT    $2
            """, [.text(code), .int(Int64(rowsMax + 1))])
        let rows = try found.prefix(rowsMax).map { row in
            let id = try row.text("id")
            let day = (Zone(try row.text("zone")) ?? .utc).day(now)
            return Row(
                code: try row.text("code"), name: try row.text("name"), nameEnglish: try row.textOrNil("name_en"),
                policy: try desk.policy(of: id, on: day, sql),
                waiting: try desk.policyVersions(of: id, sql).filter { $0.state == .proposed }.count)
        }
        return PolicyListing(rows: rows, next: found.count > rowsMax ? rows.last?.code : nil)
    }
}

import Hummingbird
import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// Members of staff by the names that colleagues know them by.
struct StaffNames {
    private let seals: Seals
    private let sql: any SQLReading
    private var known: [String: String] = [:]

    init(_ seals: Seals, _ sql: any SQLReading) {
        self.seals = seals
        self.sql = sql
    }

    /// The person's e-mail address; nil for an id that nobody has.
    mutating func email(_ id: String?) throws -> String? {
        guard let id else { return nil }
        if let name = known[id] { return name }
        guard let row = try sql.row("SELECT email_sealed FROM staff WHERE id = $1", [.text(id)]) else { return nil }
        let place = SealPlace("staff", "email_sealed", row: id, tenant: SealPlace.operatorTenant, .staff)
        let name = try seals.openText(try row.bytes("email_sealed"), place, sql)
        known[id] = name
        return name
    }

    /// The part before the `@`, short enough for a table.
    mutating func short(_ id: String?) throws -> String? {
        try email(id).map { String($0.prefix { $0 != "@" }) }
    }
}

/// Who looks at a staff page, as its head shows it.
struct StaffPerson: Sendable {
    let member: StaffMember
    let email: String
    let merchantName: String?
    let merchantNameEnglish: String?
    /// The clock of the merchant's people; UTC for the operator's.
    let zone: Zone

    static func read(_ member: StaffMember, _ seals: Seals, _ sql: any SQLReading) throws -> StaffPerson {
        var names = StaffNames(seals, sql)
        let email = try names.email(member.id) ?? ""
        let merchant = try sql.row(
            "SELECT name, name_en, zone FROM merchant WHERE id = $1", [.text(member.merchantID ?? "")])
        return StaffPerson(
            member: member, email: email, merchantName: try merchant?.text("name"),
            merchantNameEnglish: try merchant?.textOrNil("name_en"),
            zone: try (merchant?.text("zone")).flatMap { Zone($0) } ?? .utc)
    }

    /// What stands around the page.
    ///
    /// - Parameter address: the page's own address, which the language link leads to; a form's answer is no page.
    func frame(_ phrases: Phrases, switching address: String, _ current: StaffArea) -> StaffFrame {
        let areas = StaffArea.allCases.filter { area in
            area != .none && Permissions.allow(member.role, .get, area.address)
        }
        let join = address.contains("?") ? "&" : "?"
        return StaffFrame(
            brand: brand(phrases), person: email, role: phrases.text("staff.role.\(member.role.rawValue)"),
            areas: areas.map { area in
                StaffFrame.Area(
                    name: phrases.text("staff.area.\(area.rawValue)"), address: area.address,
                    isCurrent: area == current)
            }, switchAddress: "\(address)\(join)\(LanguageChoice.name)=\(phrases.language.other.rawValue)")
    }

    private func brand(_ phrases: Phrases) -> String {
        guard let merchantName else { return phrases.text("layout.portal") }
        switch phrases.language {
        case .zhHans: return merchantName
        case .en: return merchantNameEnglish ?? merchantName
        }
    }
}

/// The places of the staff navigation.
enum StaffArea: String, Sendable, CaseIterable {
    case queue
    case supportQueue = "support-queue"
    case support
    case stuck
    case reconciliation
    case merchantReconciliation = "merchant-reconciliation"
    case payouts
    case issuers
    case channels
    case merchantChannels = "merchant-channels"
    case policy
    case policies
    case people
    case supportPeople = "support-people"
    case none

    var address: String {
        switch self {
        case .queue: Paths.merchantQueue
        case .supportQueue: Paths.supportQueue
        case .support: Paths.supportCases
        case .stuck: Paths.supportStuck
        case .reconciliation: Paths.supportReconciliation
        case .merchantReconciliation: Paths.merchantReconciliation
        case .payouts: Paths.supportPayouts
        case .issuers: Paths.supportIssuers
        case .channels: Paths.supportChannels
        case .merchantChannels: Paths.merchantChannels
        case .policy: Paths.merchantPolicy
        case .policies: Paths.supportPolicies
        case .people: Paths.merchantPeople
        case .supportPeople: Paths.supportPeople
        case .none: Paths.staffHome
        }
    }
}

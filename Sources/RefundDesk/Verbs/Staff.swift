public import RefundDomain
import Storage
import Vault

/// A member of staff who is signed in.
public struct StaffMember: Sendable, Hashable {
    public let id: String
    public let role: Role
    /// The merchant they belong to; nil for the operator's people, who see every merchant.
    public let merchantID: String?

    public init(id: String, role: Role, merchantID: String?) {
        self.id = id
        self.role = role
        self.merchantID = merchantID
    }

    public var actor: Actor { .staff(id: id, role: role) }

    /// Whether cases of a merchant are this person's to see.
    public func sees(_ merchant: String) -> Bool {
        role.isOfMerchant ? merchantID == merchant : role.seesSupportDesk
    }
}

/// How sign-in is slowed and sessions end.
public enum StaffLimits {
    /// Wrong tries of an account from one address that cost no waiting.
    public static let failuresFree: Int64 = 3
    /// Wrong tries of an account from one address before the two have to wait for ``waitSeconds``.
    public static let failuresMax: Int64 = 10
    /// How long they then wait, in seconds: 30 minutes (PCI DSS 8.3.4).
    public static let waitSeconds: Int64 = 1800
    /// Wrong tries from one address in an hour, over all accounts.
    public static let failuresPerAddressMax: Int64 = 100
    /// Wrong tries of one account in an hour, from all addresses, that the record tells of.
    public static let failuresOfAccountTold: Int64 = 20
    public static let codeTries: Int64 = 5
    /// A session that is not used for so many seconds ends: 15 minutes.
    public static let idleSeconds: Int64 = 900
    /// Every session ends after so many seconds: 12 hours.
    public static let sessionSeconds: Int64 = 43_200
    /// How long there is for the one-time code after the password, in seconds.
    public static let codeSeconds: Int64 = 600
    /// How long ago somebody may have proved who they are when they do what is most sensitive, in seconds: 10 minutes
    /// (ASVS 7.5.1, 7.5.3).
    public static let freshSeconds: Int64 = 600
    static let seenEverySeconds: Int64 = 60
}

extension Desk {
    /// Adds a member of staff.
    ///
    /// - Parameters:
    ///   - passwordHash: as the password workshop makes it.
    ///   - secret: the one-time-code secret, 20 bytes.
    /// - Throws: ``Refusal/alreadyThere(_:)``, ``Refusal/field(_:_:)``.
    public func addStaff(
        email: String, role: Role, merchantCode: String?, passwordHash: String, secret: [UInt8]
    ) async throws {
        guard let normal = ContactText.normalEmail(email) else { throw Refusal.field("email", .unreadable) }
        if role.isOfMerchant, merchantCode == nil { throw Refusal.field("merchant", .missing) }
        if !role.isOfMerchant, merchantCode != nil { throw Refusal.field("merchant", .notOffered) }
        let now = clock()
        let id = try newID()
        let index = keys.index(.staffEmail, normal)
        try await store.write { sql in
            var merchantID: String?
            if let merchantCode {
                merchantID = try MerchantTable.id(code: merchantCode, sql)
                if merchantID == nil { throw Refusal.field("merchant", .notOffered) }
            }
            try seals.requireOperatorKeys(at: now.milliseconds, sql)
            if try StaffTable.find(emailIndex: index, sql) != nil { throw Refusal.alreadyThere(normal) }
            let member = StaffMember(id: id, role: role, merchantID: merchantID)
            try StaffTable.insert(
                StaffTable.New(
                    member: member, email: normal, emailIndex: index, passwordHash: passwordHash, secret: secret),
                at: now, seals, sql)
            try record("staff.added", of: member, by: .system, ["role": role.rawValue], at: now, sql)
        }
    }

    /// Somebody who works here by their address; nil when nobody does. For the operator's own commands: a page that
    /// asked it would tell strangers who works where.
    public func staffMember(email: String) async throws -> StaffMember? {
        let index = accountIndex(email)
        return try await store.read { sql in
            try StaffTable.find(emailIndex: index, sql).flatMap { $0.left == nil ? $0.member : nil }
        }
    }

    /// An entry about somebody who works here, in the stream of whom they belong to.
    func record(
        _ what: String, of member: StaffMember, by actor: Actor, _ facts: [String: String] = [:], at now: Moment,
        _ sql: any SQLTransaction
    ) throws {
        let event = NewEvent(
            stream: member.tenant, actor: actor, what: what, object: "staff", objectID: member.id, facts: facts,
            visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }

    /// The blind index of a typed address, also of one that cannot be an address: the work is the same.
    func accountIndex(_ email: String) -> [UInt8] {
        keys.index(.staffEmail, ContactText.normalEmail(email) ?? email)
    }
}

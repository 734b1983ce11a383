import RefundDomain
import Storage
import Vault

/// Somebody who works here, as verbs need them; sealed columns are opened where they are wanted.
struct StaffRow {
    let member: StaffMember
    let emailIndex: [UInt8]
    let emailSealed: [UInt8]
    let passwordHash: String
    let codeSealed: [UInt8]
    let lastCodeStep: Int64
    /// The digests of the recovery codes that are left, one after the other.
    let recoveryHashes: [UInt8]
    /// When they were shut out; nil for those who work here.
    let left: Moment?

    /// The stream that their events go to, and whose keys seal what is theirs to see.
    var tenant: String { member.tenant }
}

extension StaffMember {
    /// The merchant's id, or ``SealPlace/operatorTenant``.
    var tenant: String { merchantID ?? SealPlace.operatorTenant }
}

/// SQL on the people who sign in.
enum StaffTable {
    static func find(_ id: String, _ sql: any SQLReading) throws -> StaffRow? {
        try sql.row(
            """
            SELECT id, role, merchant_id, email_index, email_sealed, password_hash, code_sealed, last_code_step,
                   recovery_hashes, left_ms
            FROM   staff
            WHERE  id = $1
            """, [.text(id)]
        ).flatMap(read)
    }

    static func find(emailIndex: [UInt8], _ sql: any SQLReading) throws -> StaffRow? {
        try sql.row(
            """
            SELECT id, role, merchant_id, email_index, email_sealed, password_hash, code_sealed, last_code_step,
                   recovery_hashes, left_ms
            FROM   staff
            WHERE  email_index = $1
            """, [.bytes(emailIndex)]
        ).flatMap(read)
    }

    /// What is written when somebody comes.
    struct New {
        let member: StaffMember
        let email: String
        let emailIndex: [UInt8]
        let passwordHash: String
        let secret: [UInt8]
        var lastCodeStep: Int64 = 0
        var recoveryHashes: [UInt8] = []
    }

    static func insert(_ new: New, at now: Moment, _ seals: Seals, _ sql: any SQLTransaction) throws {
        let id = new.member.id
        try sql.run(
            """
            INSERT INTO staff (id, email_index, email_sealed, role, merchant_id, password_hash, code_sealed,
                               last_code_step, recovery_hashes, created_ms)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .text(id), .bytes(new.emailIndex), .bytes(try seals.seal(new.email, place("email_sealed", id), sql)),
                .text(new.member.role.rawValue), .text(new.member.merchantID), .text(new.passwordHash),
                .bytes(try seals.seal(new.secret, place("code_sealed", id), sql)), .int(new.lastCodeStep),
                .bytes(new.recoveryHashes), .int(now.milliseconds),
            ])
    }

    /// Notes which code was used; false when it or a later one was used before. Guarded in the statement, so that of
    /// two who use one code at once one gets in.
    static func use(codeStep step: Int64, of id: String, _ sql: any SQLTransaction) throws -> Bool {
        try sql.run(
            "UPDATE staff SET last_code_step = $1 WHERE id = $2 AND last_code_step < $1", [.int(step), .text(id)]) == 1
    }

    static func setPassword(_ hash: String, of id: String, _ sql: any SQLTransaction) throws {
        try sql.run("UPDATE staff SET password_hash = $1 WHERE id = $2", [.text(hash), .text(id)])
    }

    /// Gives somebody another one-time-code secret.
    static func setSecret(
        _ secret: [UInt8], usedStep step: Int64, of id: String, _ seals: Seals, _ sql: any SQLTransaction
    ) throws {
        try sql.run(
            "UPDATE staff SET code_sealed = $1, last_code_step = $2 WHERE id = $3",
            [.bytes(try seals.seal(secret, place("code_sealed", id), sql)), .int(step), .text(id)])
    }

    static func setRecovery(_ hashes: [UInt8], of id: String, _ sql: any SQLTransaction) throws {
        try sql.run("UPDATE staff SET recovery_hashes = $1 WHERE id = $2", [.bytes(hashes), .text(id)])
    }

    static func place(_ column: String, _ id: String) -> SealPlace {
        SealPlace("staff", column, row: id, tenant: SealPlace.operatorTenant, .staff)
    }

    /// The person of a row; nil for a role that this version does not know, so that nobody gets in by it.
    static func member(_ row: SQLRow) throws -> StaffMember? {
        guard let role: Role = try row.wordOrNil("role") else { return nil }
        return StaffMember(id: try row.text("id"), role: role, merchantID: try row.textOrNil("merchant_id"))
    }

    private static func read(_ row: SQLRow) throws -> StaffRow? {
        guard let member = try member(row) else { return nil }
        return StaffRow(
            member: member, emailIndex: try row.bytes("email_index"), emailSealed: try row.bytes("email_sealed"),
            passwordHash: try row.text("password_hash"), codeSealed: try row.bytes("code_sealed"),
            lastCodeStep: try row.int("last_code_step"),
            recoveryHashes: try row.bytesOrNil("recovery_hashes") ?? [], left: try row.momentOrNil("left_ms"))
    }
}

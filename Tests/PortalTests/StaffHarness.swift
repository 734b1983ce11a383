import Channels
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Proofs
import RefundDesk
import RefundDomain
import Storage
import Vault
import Web

@testable import Portal
@testable import TestSupport

/// Somebody who works here, as a test signs them in.
struct Colleague: Sendable {
    let email: String
    let role: Role
    let merchantCode: String?
    let secret: Secret

    static let password = "correct horse battery staple"
}

extension PortalUnderTest {
    /// Adds a member of staff, of the sample merchant where the role is a merchant's.
    func hire(_ email: String, _ role: Role, merchantCode: String = Samples.merchant) async throws -> Colleague {
        let secret = try OneTimeCode.newSecret()
        let code = role.isOfMerchant ? merchantCode : nil
        try await desk.addStaff(
            email: email, role: role, merchantCode: code,
            passwordHash: try await passwords.hash(Secret(Colleague.password)), secret: secret.bytes)
        return Colleague(email: email, role: role, merchantCode: code, secret: secret)
    }

    /// The code that the person's authenticator shows now.
    func code(of colleague: Colleague) -> String {
        let step = OneTimeCode.standard.step(at: clock.now.seconds)
        return OneTimeCode.standard.code(secret: colleague.secret, step: step)
    }

    /// A browser in which somebody is signed in.
    func signedIn(_ colleague: Colleague, language: String = "zh-CN") async throws -> Browser {
        let browser = browser(language)
        _ = try await browser.post("/staff/sign-in", ["email": colleague.email, "password": Colleague.password])
        _ = try await browser.post("/staff/sign-in/code", ["code": code(of: colleague)])
        // The next person of the same account needs the next code.
        clock.advance(seconds: OneTimeCode.stepSeconds)
        return browser
    }

    /// A browser in which somebody new is signed in.
    func signedIn(_ email: String, _ role: Role, merchantCode: String = Samples.merchant) async throws -> Browser {
        try await signedIn(try await hire(email, role, merchantCode: merchantCode))
    }

    /// The case as the database has it now.
    func version(_ number: CaseNumber) async throws -> String {
        let value = try await desk.store.read { sql in
            try sql.row("SELECT version FROM refund_case WHERE number = $1", [.text(number.text)])?.int("version")
        }
        return String(value ?? 0)
    }

    func state(_ number: CaseNumber) async throws -> RefundCase.State? {
        try await desk.store.read { sql in
            try sql.row("SELECT state FROM refund_case WHERE number = $1", [.text(number.text)])
                .flatMap { RefundCase.State(rawValue: try $0.text("state")) }
        }
    }

    /// A request that was sent, for so much of a payment of its own.
    func filed(
        _ payment: SamplePayment = SamplePayment(), asking minor: Int64 = 6000, details: String = "书少了一本",
        email: String = "zhang@example.com", merchantCode: String = Samples.merchant
    ) async throws -> CaseNumber {
        try await Samples.add(payment, merchantCode: merchantCode, to: desk)
        guard let amount = Money(minor: payment.amountMinor, currency: .cny),
            case .found(let visitor) = try await desk.find(
                .reference(payment.reference, cardLast4: payment.cardLast4), amountText: amount.decimal, visitor: nil,
                address: "203.0.113.7", language: "zh-Hans")
        else { throw Refusal.notFound }
        try await desk.chooseReason(.notReceived, details: details, visitor: visitor)
        try await desk.chooseAmount(Money(minor: minor, currency: .cny), visitor: visitor)
        try await desk.giveContact(name: "张伟", email: email, phone: "13800138000", visitor: visitor)
        guard let code = try await takeCode() else { throw Refusal.codeExpired }
        try await desk.proveContact(code: code, visitor: visitor)
        return try await desk.fileCase(
            submission: "submission-\(payment.reference)", termsAccepted: true, visitor: visitor)
    }

    /// A file of a case, stored as an upload would be; its id.
    func store(proof bytes: [UInt8], of number: CaseNumber) async throws -> String {
        let upload = AsyncStream { pieces in
            pieces.yield(ByteBuffer(bytes: bytes))
            pieces.finish()
        }
        let stored = try await ProofIntake(store: FileProofStore(folder: "\(folder)/proofs")).take(upload)
        let id = try desk.newID()
        let seals = desk.seals
        try await desk.store.write { sql in
            guard
                let row = try sql.row(
                    "SELECT id, merchant_id FROM refund_case WHERE number = $1", [.text(number.text)])
            else { throw Refusal.notFound }
            let place = SealPlace("proof", "key_sealed", row: id, tenant: try row.text("merchant_id"), .proof)
            try sql.run(
                """
                INSERT INTO proof (id, case_id, kind, media_type, bytes, sha256, stored_name, key_sealed, uploaded_by,
                                   created_ms)
                VALUES ($1, $2, 'receipt', $3, $4, $5, $6, $7, 'cardholder', 0)
                """,
                [
                    .text(id), .text(try row.text("id")), .text(stored.mediaType.contentType), .int(stored.bytes),
                    .bytes(stored.sha256), .text(stored.name.text),
                    .bytes(try seals.seal(stored.fileKey.bytes, place, sql)),
                ])
            try sql.run(
                """
                INSERT INTO outbox (id, kind, case_id, not_before_ms, attempts, lease, lease_until_ms, created_ms)
                VALUES ($1, 'examine-proof', $2, 0, 0, 0, 0, 0)
                """, [.text(id), .text(try row.text("id"))])
        }
        await examine()
        return id
    }

    /// Has every file that is due looked into.
    func examine(scanner: ClamScanner? = nil) async {
        let examiner = ProofExaminer(store: FileProofStore(folder: "\(folder)/proofs"), scanner: scanner)
        let room = ExaminationRoom(
            desk: desk, examiner: examiner, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        while await room.workOnce() {}
    }

    /// A photograph of a slip.
    static func slip() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(RepositoryFolder.path)/docs/examples/proof/slip.jpg")))
    }

    /// The staff routes as they are registered, without the refusals of other methods.
    func routes() throws -> [(method: HTTPRequest.Method, path: String)] {
        let router = Router(context: PortalContext.self)
        StaffPages(try parts()).add(to: router)
        return router.routes.map { (method: $0.method, path: $0.path.description) }
    }

    /// Every route of the portal as it is registered, without the refusals of other methods.
    func everyRoute() throws -> [(method: HTTPRequest.Method, path: String)] {
        let channels = ChannelBook(
            exchange: { _ in throw ExchangeFault.notSent("no network") }, clock: { clock.now }, nonce: { "nonce" })
        let router = try Portal(try parts(), channels: channels).routes()
        return router.routes.map { (method: $0.method, path: $0.path.description) }
    }

    /// What the portal is made of, for asking it without a request.
    func parts() throws -> PortalParts {
        let pages = try RepositoryFolder.pages.get()
        guard let origin = WebOrigin(PortalUnderTest.origin) else { throw RequestFault.malformed }
        return PortalParts(
            desk: desk, pages: pages.pages, assets: pages.assets, origin: origin, proxies: TrustedProxies([]),
            passwords: passwords, proofStore: FileProofStore(folder: "\(folder)/proofs"), ticks: { 0 })
    }

    /// One number that a statement names `value`.
    func int(_ sql: String, _ values: [SQLValue] = []) async throws -> Int64 {
        try await desk.store.read { reading in try reading.row(sql, values)?.int("value") ?? 0 }
    }
}

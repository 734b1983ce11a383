import Foundation
import HTTPTypes
import HummingbirdTesting
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// The steps of a cardholder, for tests that begin somewhere on the way.
struct Journey {
    let portal: PortalUnderTest
    let browser: Browser

    /// A real, tiny PNG opening with enough bytes to be recognised.
    static let picture: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 9, 0, 0, 0, 9] + Array(repeating: 7, count: 2000)

    init(_ portal: PortalUnderTest, _ language: String = "zh-CN") {
        self.portal = portal
        browser = portal.browser(language)
    }

    init(_ portal: PortalUnderTest, in browser: Browser) {
        self.portal = portal
        self.browser = browser
    }

    /// Adds the sample payment and finds it by its slip.
    func find(_ payment: SamplePayment = SamplePayment()) async throws {
        try await Samples.add(payment, to: portal.desk)
        let found = try await browser.post(
            "/find", ["method": "slip", "reference_no": payment.reference, "amount": "100"])
        #expect(found.status == .seeOther)
        #expect(found.headers[.location] == "/request")
    }

    func chooseReason(_ reason: String = "cancelled") async throws {
        let answer = try await browser.post("/request/reason", ["reason": reason, "details": ""])
        #expect(answer.status == .seeOther)
    }

    func chooseAmount(_ amount: String = "60") async throws {
        let answer = try await browser.post("/request/amount", ["portion": "part", "amount": amount])
        #expect(answer.status == .seeOther)
    }

    func giveContact(email: String = "li@mail.example") async throws {
        let answer = try await browser.post(
            "/request/contact", ["name": "李女士", "email": email, "phone": "", "consent": "yes"])
        #expect(answer.headers[.location] == "/request/contact/code")
    }

    func proveContact() async throws {
        let code = try #require(try await portal.takeCode())
        let answer = try await browser.post("/request/contact/code", ["code": code])
        #expect(answer.headers[.location] == "/request/check")
    }

    /// Everything up to the check page.
    func draft(_ payment: SamplePayment = SamplePayment()) async throws {
        try await reachCode(payment)
        try await proveContact()
    }

    /// Everything up to the page that asks for the code.
    func reachCode(_ payment: SamplePayment = SamplePayment()) async throws {
        try await find(payment)
        try await chooseReason()
        try await chooseAmount()
        try await giveContact()
    }

    /// The value that the check page gave.
    func submission() async throws -> String {
        let page = try await browser.get("/request/check").page
        return try #require(Journey.value(of: "submission", in: page))
    }

    /// The whole way to a case that was sent.
    func file(_ payment: SamplePayment = SamplePayment()) async throws -> CaseNumber {
        try await draft(payment)
        let sent = try await browser.post(
            "/request/check", ["submission": try await submission(), "accept_terms": "yes"])
        #expect(sent.headers[.location] == "/request/done")
        let number = try await portal.desk.filedCase(of: try #require(browser.cookie("rp_visitor")))?.number
        return try #require(number)
    }

    func version(of number: CaseNumber) async throws -> String {
        String(try await portal.desk.version(of: number))
    }

    /// The value of a hidden field.
    static func value(of field: String, in page: String) -> String? {
        let mark = "name=\"\(field)\" value=\""
        return page.range(of: mark).map { String(page[$0.upperBound...].prefix { $0 != "\"" }) }
    }

    /// A reviewer of the sample merchant.
    static func reviewer(_ portal: PortalUnderTest) async throws -> StaffMember {
        try await portal.desk.addStaff(
            email: "reviewer@camellia.example", role: .reviewer, merchantCode: Samples.merchant, passwordHash: "x",
            secret: Array(repeating: 1, count: 20))
        return try await portal.desk.store.read { sql in
            let row = try #require(try sql.row("SELECT id, merchant_id FROM staff ORDER BY id LIMIT 1"))
            return StaffMember(id: try row.text("id"), role: .reviewer, merchantID: try row.text("merchant_id"))
        }
    }
}

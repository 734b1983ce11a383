import Foundation
import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

struct CardIssuersFileTests {
    static func file(
        banks: String = #"{"CMB": "招商银行"}"#, prefixes: String = #"{"CMB": {"debit 16": ["622588"]}}"#,
        source: String = "a list"
    ) -> Data {
        Data(#"{"source": "\#(source)", "banks": \#(banks), "prefixes": \#(prefixes)}"#.utf8)
    }

    @Test func theProgramsOwnListIsReadWhole() throws {
        let issuers = try CardIssuersFile.read(RepositoryFolder.path + "/reference/issuers/cn-cards.json")
        #expect(issuers.prefixes.count == 1698)
        #expect(issuers.source.contains("MIT"))
        let licence = try String(
            contentsOfFile: RepositoryFolder.path + "/reference/issuers/LICENSE-bankcard.txt", encoding: .utf8)
        #expect(licence.contains("Copyright (c) 2019 caijf"))
        func bank(_ digits: String, _ length: Int? = nil) -> String? {
            CardIssuers.issuer(issuers.possible(digits, length: length))?.name
        }
        #expect(bank("622848") == "中国农业银行")
        #expect(bank("621260", 16) == "平安银行")
        #expect(bank("621260001") == issuers.prefixes.first { $0.digits == "621260001" }?.bankName)
        #expect(bank("621260001") != bank("621260", 16))
        #expect(bank("621260") == nil)
        #expect(bank("499999") == nil)
    }

    @Test(arguments: [
        ("", ""), (#"{"XX": {"debit 16": ["622588"]}}"#, "has no name"),
        (#"{"CMB": {"debit 12": ["622588"]}}"#, "no kind and length"),
        (#"{"CMB": {"debit  16": ["622588"]}}"#, "no kind and length"),
        (#"{"CMB": {"gift 16": ["622588"]}}"#, "no kind and length"),
        (#"{"CMB": {"debit 16": ["62"]}}"#, "no prefix"), (#"{"CMB": {"debit 16": ["62258811110"]}}"#, "no prefix"),
        (#"{"CMB": {"debit 16": ["062258"]}}"#, "no prefix"), (#"{"CMB": {"debit 16": ["62258x"]}}"#, "no prefix"),
        (#"{"CMB": {"debit 16": ["622588"], "credit 16": ["622588"]}}"#, "there twice"),
        (#"{"CMB": {"debit 16": ["622588", "622588"]}}"#, "there twice"), (#"{"CMB": {"debit 16": []}}"#, "no prefix"),
        ("{}", "no prefix"), (#"{"CMB": ["622588"]}"#, ""),
    ])
    func aBrokenFileIsRefusedWithTheReason(prefixes: String, reason: String) {
        let fault = #expect(throws: CardIssuersFile.Fault.self) {
            try CardIssuersFile.parse(Self.file(prefixes: prefixes), name: "cards.json")
        }
        #expect(fault?.file == "cards.json")
        #expect(reason.isEmpty || fault?.reason.contains(reason) == true, "\(String(describing: fault))")
    }

    @Test func aFileWithoutASourceOrThatIsNoneIsRefused() {
        for data in [Self.file(source: ""), Data("[]".utf8), Data(), Self.file().prefix(40)] {
            #expect(throws: CardIssuersFile.Fault.self) { try CardIssuersFile.parse(data, name: "x") }
        }
        #expect(throws: CardIssuersFile.Fault.self) { try CardIssuersFile.read("/nowhere.json") }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func aLoadedListTakesThePlaceOfTheProgramsOwnAndIsLoadedOnce(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, _ in
            let first = try CardIssuersFile.parse(Self.file(), name: "x")
            #expect(try await desk.loadIssuers(first))
            #expect(try await !desk.loadIssuers(first))
            #expect(try await names(["622588"], desk) == ["招商银行"])
            let second = try CardIssuersFile.parse(
                Self.file(
                    banks: #"{"A": "甲", "B": "乙"}"#,
                    prefixes: #"{"A": {"debit 19": ["621260"]}, "B": {"debit 19": ["621260001"]}}"#), name: "x")
            #expect(try await desk.loadIssuers(second))
            #expect(
                try await names(["622588", "621260001", "6212600019", "621260999", "621260"], desk)
                    == ["none", "乙", "乙", "甲", "none"])
            let source = try await desk.store.read { sql in try desk.cardIssuersSource(sql) }
            #expect(source == "a list")
            #expect(try await desk.verify() == [])
        }
    }

    /// The names of the banks that first digits leave.
    private func names(_ digits: [String], _ desk: Desk) async throws -> [String] {
        try await desk.store.read { sql in try digits.map { try desk.cardIssuer($0, sql)?.name ?? "none" } }
    }
}

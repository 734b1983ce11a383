import Foundation
import RefundDesk
import RefundDomain
import SandboxBank
import Storage
import StorageSQLite
import TestSupport
import Testing
import Vault

@testable import PortalCommand

/// Commands that write, run as the process does that holds the lock.
@Suite struct WriteCommandTests {
    @Test func aMerchantItsTerminalAndItsStaffAreSetUp() async throws {
        try await withOffice { office in
            let said = Said()
            #expect(await perform(.addMerchant(lanting), office, said) == .done)
            let terminal = AddTerminal(number: "80210001", merchant: "lanting", family: "smart", store: nil)
            #expect(await perform(.addTerminal(terminal), office, said) == .done)
            let staff = AddStaff(email: "lin@example.com", role: "reviewer", merchant: "lanting", asJSON: true)
            #expect(await perform(.addStaff(staff), office, said) == .done)
            let names = try await office.desk.merchants().map(\.name)
            let reviewer = try await office.desk.staffMember(email: "lin@example.com")
            let faults = try await office.desk.verify()
            #expect(names == ["兰亭百货"])
            #expect(reviewer?.role == .reviewer)
            #expect(faults == [])
        }
    }

    @Test func aMadeUpPasswordIsToldOnceAndAGivenOneNever() async throws {
        try await withOffice { office in
            let said = Said()
            let support = AddStaff(email: "a@example.com", role: "support", merchant: nil, asJSON: true)
            #expect(await perform(.addStaff(support), office, said) == .done)
            let given = AddStaff(email: "b@example.com", role: "support", merchant: nil, asJSON: true)
            let input = CommandInput.bytes(Array("correct horse battery\r\n".utf8))
            #expect(await office.perform(.addStaff(given), input, said.add) == .done)
            let answers = try said.outputs.map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
            #expect(answers.first?["password"]?.count == 24)
            #expect(answers.last?["password"] == nil)
            #expect(!said.outputs.joined().contains("correct horse"))
            let found = try await office.desk.staffCredentials(email: "b@example.com", address: "test")
            let hash = try #require(found).passwordHash
            #expect(try await office.passwords.verify(Secret("correct horse battery"), against: hash) == .matches)
        }
    }

    @Test(arguments: [
        WriteCommand.addMerchant(.init(code: "B!", name: "x", nameEnglish: nil, zone: "UTC", currency: "CNY")),
        .addMerchant(.init(code: "bb", name: "x", nameEnglish: nil, zone: "Mars/Base", currency: "CNY")),
        .addMerchant(.init(code: "bb", name: "x", nameEnglish: nil, zone: "UTC", currency: "XXX")),
        .addTerminal(.init(number: "1", merchant: "nobody", family: "smart", store: nil)),
        .addTerminal(.init(number: "1", merchant: "lanting", family: "flying", store: nil)),
        .addStaff(.init(email: "no address", role: "support", merchant: nil, asJSON: false)),
        .addStaff(.init(email: "c@example.com", role: "king", merchant: nil, asJSON: false)),
        .addStaff(.init(email: "c@example.com", role: "reviewer", merchant: nil, asJSON: false)),
        .addChannel(.init(merchant: "lanting", asJSON: false)), .loadCalendar(.init(file: "x.json", asJSON: false)),
        .importStatement(.init(merchant: "x", format: nil, isDryRun: false, skipsBad: false, asJSON: false)),
        .importStatement(.init(merchant: "lanting", format: "x", isDryRun: false, skipsBad: false, asJSON: false)),
        .importStatement(.init(merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: false)),
    ])
    func badDataIsSaidAndNothingIsStored(_ command: WriteCommand) async throws {
        try await withOffice { office in
            _ = await perform(.addMerchant(lanting), office, Said())
            let said = Said()
            #expect(await perform(command, office, said) == .badData)
            #expect(said.outputs == [])
            #expect(said.notes.count == 1)
            let merchants = try await office.desk.merchants()
            #expect(merchants.count == 1)
        }
    }

    @Test func theSameThingTwiceIsRefused() async throws {
        try await withOffice { office in
            _ = await perform(.addMerchant(lanting), office, Said())
            let said = Said()
            #expect(await perform(.addMerchant(lanting), office, said) == .badData)
            #expect(said.notes == ["refund-portal: lanting is there already."])
        }
    }

    @Test func aStatementIsImportedOnceWithItsSums() async throws {
        try await withOffice { office in
            _ = await perform(.addMerchant(lanting), office, Said())
            let path = RepositoryFolder.path + "/docs/examples/lanting-wechat.csv"
            let file = CommandInput.bytes(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
            let command = WriteCommand.importStatement(
                .init(merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: true))
            let said = Said()
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(said.outputs.first?.hasPrefix(#"{"bad":0,"known":0,"new":18,"read":18,"sums":[{"#) == true)
            #expect(said.outputs.last?.hasPrefix(#"{"bad":0,"known":18,"new":0,"read":18,"sums":[{"#) == true)
        }
    }

    @Test(arguments: [
        ("lanting-alipay.zip", #"{"bad":0,"known":0,"new":3,"read":3,"sums":[{"#),
        ("lanting-unionpay-zm.zip", #"{"bad":0,"known":0,"new":3,"read":3,"sums":[{"#),
    ])
    func anArchiveIsImportedAndItsRefundsAreThenKnownToReconcile(name: String, answer: String) async throws {
        try await withOffice { office in
            _ = await perform(.addMerchant(lanting), office, Said())
            let path = RepositoryFolder.path + "/docs/examples/\(name)"
            let file = CommandInput.bytes(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
            let reconcile = WriteCommand.reconcileStatement(.init(merchant: "lanting", format: nil, asJSON: true))
            let said = Said()
            #expect(await office.perform(reconcile, file, said.add) == .done)
            #expect(said.outputs.last?.contains(#""unknown-here":1"#) == true)
            let command = WriteCommand.importStatement(
                .init(merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: true))
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(said.outputs.last?.hasPrefix(answer) == true, "\(said.outputs)")
            #expect(await office.perform(reconcile, file, said.add) == .done)
            #expect(said.outputs.last?.contains(#""closed":1,"elsewhere":1"#) == true, "\(said.outputs)")
            let faults = try await office.desk.verify()
            #expect(faults == [])
        }
    }

    @Test func aListOfBanksIsLoadedOnceAndABrokenOneNotAtAll() async throws {
        try await withOffice { office in
            let path = RepositoryFolder.path + "/reference/issuers/cn-cards.json"
            let file = CommandInput.bytes(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
            let command = WriteCommand.loadIssuers(.init(file: "cards.json", asJSON: false))
            let said = Said()
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(said.outputs.first?.hasPrefix("prefixes 1698, banks ") == true)
            #expect(said.outputs.last?.hasSuffix("unchanged\n") == true)
            #expect(await office.perform(command, .bytes(Array("{}".utf8)), said.add) == .badData)
            #expect(said.notes.last?.contains("cards.json") == true)
        }
    }

    @Test func capabilitiesAreLoadedOnceAndABrokenFileNamesLineAndColumn() async throws {
        try await withOffice { office in
            let path = RepositoryFolder.path + "/reference/capabilities.tsv"
            let own = try String(contentsOfFile: path, encoding: .utf8)
            let command = WriteCommand.loadCapabilities(.init(file: "rows.tsv", asJSON: false))
            let said = Said()
            let changed = own + "unionpay\tLakala\t822\tsmart\twhole\t\t\t15\t\t\t\t\tno\ttheir letter\n"
            #expect(await office.perform(command, .bytes(Array(changed.utf8)), said.add) == .done)
            #expect(await office.perform(command, .bytes(Array(changed.utf8)), said.add) == .done)
            #expect(said.outputs.first?.hasSuffix("channels alipay unionpay wechatpay, loaded\n") == true)
            #expect(said.outputs.last?.hasSuffix("unchanged\n") == true)
            let broken = own.replacingOccurrences(of: "\t365\t", with: "\ta year\t")
            #expect(await office.perform(command, .bytes(Array(broken.utf8)), said.add) == .badData)
            #expect(said.notes.last?.contains("rows.tsv, line 5, column window_days: “a year” is no number") == true)
            let loaded = try await office.desk.loadedCapabilities()
            let items = CapabilityCommands.List.items(loaded, beside: office.desk.capabilities.rows)
            #expect(items.count == loaded.count && items.allSatisfy { $0.from == "loaded" })
            let line = items.first { $0.acquirer == "Lakala" }?.line
            #expect(
                line == "unionpay\tLakala\tsmart\trefunds whole, window 15 days\tloaded\tunverified: their letter\n")
        }
    }

    @Test(arguments: EngineUnderTest.allCases)
    func anImportThatHasToRunTwiceReadsItsFileFromTheStartAgain(_ engine: EngineUnderTest) async throws {
        try await withOffice(engine) { office, store in
            _ = await perform(.addMerchant(lanting), office, Said())
            let path = RepositoryFolder.path + "/docs/examples/lanting-wechat.csv"
            let command = WriteCommand.importStatement(
                .init(merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: true))
            store.begin(.conflict)
            let said = Said()
            let file = try await CommandSource.path(path).taken(folder: "/tmp")
            #expect(await office.perform(command, file, said.add) == .done)
            #expect(said.outputs.first?.hasPrefix(#"{"bad":0,"known":0,"new":18,"read":18,"sums":[{"#) == true)
            let faults = try await office.desk.verify()
            #expect(faults == [])
        }
    }

    @Test func aBadLineIsNamedAndStopsAllUnlessSkipped() async throws {
        try await withOffice { office in
            _ = await perform(.addMerchant(lanting), office, Said())
            let path = RepositoryFolder.path + "/docs/examples/renhe-pos.csv"
            var lines = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8).split(separator: "\n")
            lines.insert("only,three,values", at: 2)
            let file = CommandInput.bytes(Array(lines.joined(separator: "\n").utf8))
            let said = Said()
            let strict = ImportStatement(
                merchant: "lanting", format: nil, isDryRun: false, skipsBad: false, asJSON: false)
            #expect(await office.perform(.importStatement(strict), file, said.add) == .badData)
            #expect(said.notes.first?.hasPrefix("line 3: has 3 values") == true)
            #expect(said.outputs.first?.hasSuffix("Nothing was stored.\n") == true)
            let lenient = ImportStatement(
                merchant: "lanting", format: nil, isDryRun: false, skipsBad: true, asJSON: false)
            #expect(await office.perform(.importStatement(lenient), file, said.add) == .done)
            #expect(said.outputs.last?.contains("known 0, bad 1") == true)
        }
    }

    @Test func aChannelAccountIsSealedAndItsCallbackTold() async throws {
        try await withTemporaryFolder { folder in
            let bank = try BankCounter(folder: folder, clock: { 0 }, random: { try Random.bytes($0) })
            let json = try await bank.accountJSON(merchant: "1900000109", name: "S", baseURL: "http://127.0.0.1:1")
            try await withOffice { office in
                _ = await perform(.addMerchant(lanting), office, Said())
                let said = Said()
                let command = WriteCommand.addChannel(.init(merchant: "lanting", asJSON: true))
                #expect(await office.perform(command, .bytes(json), said.add) == .done)
                let account = try #require(try await office.desk.channelAccounts().first)
                let callback = "http://127.0.0.1:8080/callbacks/wechatpay/\(account.callbackName)"
                #expect(
                    said.outputs == [#"{"account":"\#(account.callbackName)","callback":"\#(callback)"}"# + "\n"])
                #expect(try await office.desk.channelSettings(accountID: account.id) == json)

                let moved = try await bank.accountJSON(merchant: "1900000109", name: "S", baseURL: "http://127.0.0.1:2")
                #expect(await office.perform(command, .bytes(moved), said.add) == .done)
                #expect(try await office.desk.channelAccounts().map(\.callbackName) == [account.callbackName])
                #expect(try await office.desk.channelSettings(accountID: account.id) == moved)
            }
        }
    }

    @Test func aYearOfWorkingDaysIsLoadedOnceAndCorrected() async throws {
        try await withOffice { office in
            let load = WriteCommand.loadCalendar(.init(file: "cn-2027.json", asJSON: true))
            let year = { (day: String) in
                let text =
                    #"{"region":"CN","years":[2027],"source":"notice","#
                    + #""holidays":["2027-01-01","\#(day)"],"make_up_days":["2027-02-06"]}"#
                return CommandInput.bytes(Array(text.utf8))
            }
            let said = Said()
            for day in ["2027-02-08", "2027-02-08", "2027-02-09"] {
                #expect(await office.perform(load, year(day), said.add) == .done)
            }
            let answer = { (change: String) in
                #"{"years":[{"change":"\#(change)","holidays":2,"make_up_days":1,"region":"CN","year":2027}]}"# + "\n"
            }
            #expect(said.outputs == [answer("new"), answer("unchanged"), answer("replaced")])
            #expect(await office.perform(load, year("2027-02-07"), said.add) == .badData)
            #expect(
                said.notes == [
                    "refund-portal: cn-2027.json: 2027-02-07 is a weekend day; holidays are Mondays to Fridays only. "
                        + "Nothing was loaded; the files in reference/working-days show the form. Mend it and load "
                        + "again."
                ])
            let loaded = try await office.desk.loadedYears()
            #expect(loaded.map { $0.holidays.map(\.iso) } == [["2027-01-01", "2027-02-09"]])
            #expect(try await office.desk.verify() == [])
            let items = CalendarCommands.List.items(loaded, beside: try Office.ownYears(), "CN")
            #expect(items.map(\.year) == [2024, 2025, 2026, 2027])
            #expect(items.map(\.from) == ["program", "program", "program", "loaded"])
            #expect(CalendarCommands.List.items([], beside: try Office.ownYears(), "HK").isEmpty)
        }
    }

    private var lanting: AddMerchant {
        AddMerchant(
            code: "lanting", name: "兰亭百货", nameEnglish: nil, zone: "Asia/Shanghai", currency: "CNY")
    }

    private func perform(_ command: WriteCommand, _ office: Office, _ said: Said) async -> ExitCode {
        await office.perform(command, .nothing, said.add)
    }

    private func withOffice(_ body: (Office) async throws -> Void) async throws {
        try await withOffice(.sqlite) { office, _ in try await body(office) }
    }

    private func withOffice(
        _ engine: EngineUnderTest, _ body: (Office, TroubledStore) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await withStore(engine) { engine in
                let store = TroubledStore(engine)
                try await Migrator(deskMigrations).migrate(store, now: 0)
                _ = try KeyFile.create(at: folder + "/keys.json")
                let settings = try await SettingsSource.read(
                    file: nil, environment: ["KEYS_FILE": folder + "/keys.json"])
                try await body(Office(store, settings), store)
            }
        }
    }
}

import Foundation
import RefundDomain
import Testing

@testable import Statements

struct SourceTests {
    @Test(arguments: [1, 2, 3, 7, 4096])
    func theSizeOfTheReadsMakesNoDifference(step: Int) throws {
        for name in ["lanting-wechat.csv", "lanting-pos-gbk.csv", "harbour-wechat.csv.gz", "renhe-pos.csv"] {
            let bytes = try example(name)
            #expect(try reading(bytes, step: step).rows == reading(bytes).rows)
        }
    }

    @Test func gb18030AndUTF8WithAndWithoutAMarkComeToTheSame() throws {
        let text = "商户号,终端号,批次号,凭证号,交易日期时间,交易类型,金额,发卡行\n1,2,3,4,2026-11-18 15:21:40,消费,1.00,𠮷行\n"
        let plain = try reading(text).payments
        #expect(plain.first?.card.issuer == "𠮷行")
        #expect(try reading([0xEF, 0xBB, 0xBF] + Array(text.utf8)).payments == plain)
        #expect(try reading(gb18030(text)).payments == plain)
        #expect(try reading(gb18030(text), step: 1).payments == plain)
    }

    @Test func englishHeadingsSayNothingAboutTheCharacterSetButTheFirstChineseRowDoes() throws {
        let filler = String(repeating: PosFile().with("issuer", "").values.joined(separator: ",") + "\n", count: 6000)
        let last = PosFile().with("issuer", "招商银行")
        let text = last.headings.joined(separator: ",") + "\n" + filler + last.values.joined(separator: ",") + "\n"
        #expect(text.utf8.count > ByteSource.blockBytes)
        #expect(try reading(gb18030(text)).payments.last?.card.issuer == "招商银行")
        #expect(try reading(text).payments.last?.card.issuer == "招商银行")
    }

    @Test func badBytesAreNamedWithTheirLineAndNothingIsRepaired() throws {
        let text = "商户号,终端号,批次号,凭证号,交易日期时间,交易类型,金额\n1,2,3,4,2026-11-18 15:21:40,消费,1.00\n"
        for bad: [UInt8] in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xE5, 0x95]] {
            #expect(throws: StatementFault.badCharacter(line: 3, charset: .utf8)) {
                try reading(Array(text.utf8) + bad)
            }
        }
        #expect(throws: StatementFault.badCharacter(line: 3, charset: .gb18030)) {
            try reading(gb18030(text) + [0x81, 0x20, 0x20, 0x20])
        }
    }

    @Test func gzipIsRecognisedAndMembersFollowOneAnother() throws {
        let text = Array(BillFile().text.utf8)
        let half = text.count / 2
        let packed = gzip(Array(text[..<half])) + gzip(Array(text[half...]))
        let whole = try reading(BillFile().text)
        #expect(try reading(packed).rows == whole.rows)
        #expect(try reading(packed, step: 1).rows == whole.rows)
    }

    @Test func gzipThatIsCutOffOrDamagedIsRefused() throws {
        let packed = gzip(Array(BillFile().text.utf8))
        for length in stride(from: 20, to: packed.count, by: 17) {
            #expect(throws: StatementFault.truncatedGzip) { try reading(Array(packed[..<length])) }
        }
        var damaged = packed
        damaged[damaged.count - 6] ^= 0xFF
        #expect(throws: StatementFault.damagedGzip) { try reading(damaged) }
        #expect(throws: StatementFault.damagedGzip) { try reading(packed + Array("trailing".utf8)) }
    }

    @Test func gzipThatGrowsBeyondMeasureIsRefused() throws {
        let blanks = gzip([UInt8](repeating: UInt8(ascii: " "), count: 60 * 1024) + [UInt8(ascii: "\n")])
        let bomb = gzip(Array(PosFile().text.utf8)) + Array(repeating: blanks, count: 300).flatMap { $0 }
        #expect(throws: StatementFault.expandsTooMuch(times: 200)) { try reading(bomb) }
    }

    @Test func filesThatAreNoStatementAreRefused() {
        #expect(throws: StatementFault.empty) { try reading("") }
        #expect(throws: StatementFault.empty) { try reading("\r\n\r\n") }
        #expect(throws: StatementFault.empty) { try reading([0xEF, 0xBB, 0xBF]) }
        #expect(throws: StatementFault.unknownFormat) { try reading("a,b,c\n1,2,3\n") }
        #expect(throws: StatementFault.unknownFormat) { try reading("hello") }
        #expect(throws: StatementFault.utf16) { try reading([0xFF, 0xFE, 0x46, 0x55]) }
        #expect(throws: StatementFault.truncatedZip) { try reading(Array("PK\u{3}\u{4}rest".utf8)) }
        #expect(StatementFault.unknownFormat.description.contains("pos-csv, wechat-bill"))
    }

    @Test func headingsAloneAreAStatementWithoutPayments() throws {
        let result = try reading(PosFile().headings.joined(separator: ","))
        #expect(result.format == .posCSV)
        #expect(result.rows.isEmpty)
        #expect(result.summary.read == 0)
    }

    @Test func aFormatThatIsAskedForIsHeldAgainstTheHeadings() {
        #expect(throws: StatementFault.self) { try reading(BillFile().text, format: .posCSV) }
        #expect(throws: StatementFault.self) { try reading(PosFile().text, format: .wechatBill) }
        #expect(throws: Never.self) { try reading(PosFile().text, format: .posCSV) }
    }

    @Test func aFaultOfTheSystemIsPassedOn() {
        #expect(throws: StatementFault.unreadable(errno: 9)) {
            let today = try #require(Day(iso: "2026-11-22"))
            var reader = try StatementReader(.descriptor(-1), today: today)
            _ = try reader.next()
        }
    }

    @Test func quotesAndLineEndsFollowTheStandard() throws {
        let file = PosFile().with("issuer", "\"Bank \"\"of\"\", Rome\"")
        #expect(try reading(file.text).payments.first?.card.issuer == "Bank \"of\", Rome")
        #expect(try reading(file.text.replacing("\n", with: "\r\n")).payments.count == 1)
        #expect(try reading(String(file.text.dropLast())).payments.count == 1)
        let next = PosFile().with("issuer", "c").values.joined(separator: ",")
        let broken = try reading(PosFile().with("issuer", "\"a\"b").text + next)
        #expect(broken.faults.map(\.reason) == [.badQuotes])
        #expect(broken.payments.map(\.line) == [3])
    }

    @Test func aQuoteThatIsNeverClosedCostsOneLine() throws {
        let file = PosFile().with("issuer", "\"open")
        let result = try reading(file.text + PosFile().with("issuer", "next").values.joined(separator: ",") + "\n")
        #expect(result.faults.map(\.line) == [2])
        #expect(result.payments.map(\.line) == [3])
    }

    @Test func aHugeLineIsAFaultAndTheNextOneIsRead() throws {
        let huge = String(repeating: "9", count: 3_000_000)
        let values = PosFile().values.joined(separator: ",")
        let result = try reading(PosFile().text + huge + "\n" + values + "\n", step: 100_000)
        #expect(result.faults.map(\.reason) == [.lineTooLong(max: CSVReader.recordBytesMax)])
        #expect(result.faults.map(\.line) == [3])
        #expect(result.payments.map(\.line) == [2, 4])
        let commas = try reading(PosFile().text + String(repeating: ",", count: 500) + "1\n" + values)
        #expect(commas.faults.map(\.reason) == [.tooManyCells(max: CSVScan.cellsMax)])
        #expect(commas.payments.count == 2)
    }

    @Test func randomBytesNeverTrap() throws {
        var random = Seeded(state: 20_261_122)
        let bases = try [
            Array(PosFile().with("card", "622588******1234").with("issuer", "\"招\"\"商\"").text.utf8),
            Array(BillFile().text.utf8), gzip(Array(BillFile().text.utf8)), example("lanting-pos-gbk.csv"),
        ]
        var refused = 0
        for round in 0..<2000 {
            var bytes = bases[round % bases.count]
            if round % 5 == 4 { bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in random.byte() } }
            for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes[place] = random.byte()
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array(",\"`\n\r0-*.".utf8).randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place..<min(place + 9, bytes.count))
                }
            }
            do {
                if try !reading(bytes, step: Int.random(in: 1...64, using: &random)).faults.isEmpty { refused += 1 }
            } catch is StatementFault {
                refused += 1
            }
        }
        #expect(refused > 1000, "most of the damage is noticed")
    }
}

extension Seeded {
    fileprivate mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
}

/// The bytes as one gzip member.
private func gzip(_ bytes: [UInt8]) -> [UInt8] { deflated(bytes, 15 + 16) }

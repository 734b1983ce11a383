import Testing

@testable import Statements

struct ZipTests {
    private let text = Array(PosFile().text.utf8)
    private let other = Array("anything\n".utf8)

    private var plain: ZipFile { ZipFile(.init("pos.csv", text)) }

    @Test(arguments: [1, 2, 3, 7, 4096])
    func everyFormatMayComeInAnArchive(step: Int) throws {
        for bytes in [text, Array(BillFile().text.utf8), gb18030(PosFile().with("issuer", "招商银行").text)] {
            let expected = try reading(bytes)
            let member = ZipFile.Member("a/b.csv", bytes)
            for change: (inout ZipFile.Member) -> Void in [
                { _ in }, { $0.isStored = true }, { $0.hasDescriptor = true },
                {
                    $0.hasDescriptor = true; $0.hasLongSizes = true
                },
            ] {
                #expect(try reading(ZipFile(member.with(change)).bytes, step: step).rows == expected.rows)
            }
        }
    }

    @Test func onlyTheDetailsOfAnAlipayArchiveAreRead() throws {
        let sums = ZipFile.Member("", other).with { $0.name = gb18030("20885_业务明细(汇总).csv") }
        let details = ZipFile.Member("", Array(AlipayFile().text.utf8)).with { $0.name = gb18030("20885_业务明细.csv") }
        #expect(try reading(ZipFile(sums, details).bytes).rows.count == 2)
        #expect(try reading(ZipFile(details, sums).bytes).rows.count == 2)
        let flow = ZipFile.Member("账务明细.csv", other)
        #expect(throws: StatementFault.emptyZip) { try reading(ZipFile(sums, flow).bytes) }
    }

    @Test func onlyTheTransactionsOfAUnionPayArchiveAreRead() throws {
        let transactions = ZipFile.Member("INN26111888ZM_777290058110097", ZMFile().bytes)
        let others = ZipFile.Member("INN26111888ZME_777290058110097", other)
        let result = try reading(ZipFile(others, transactions).bytes)
        #expect(result.format == .unionpayZM)
        #expect(result.payments.count == 1)
    }

    @Test func foldersAndWhatSystemsAddAreNoStatements() throws {
        let zip = ZipFile(
            .init("folder/", []), .init("__MACOSX/._pos.csv", other), .init("folder/.DS_Store", other),
            .init("folder/pos.csv", text))
        #expect(try reading(zip.bytes).payments.count == 1)
    }

    @Test func severalStatementsOrNoneAreRefused() {
        let two = ZipFile(.init("a.csv", text), .init("b.csv", text))
        #expect(throws: StatementFault.severalInZip) { try reading(two.bytes) }
        var none = plain
        none.members = []
        #expect(throws: StatementFault.emptyZip) { try reading(none.bytes) }
        #expect(throws: StatementFault.emptyZip) { try reading(ZipFile(.init("folder/", [])).bytes) }
        let nested = ZipFile(.init("inner.zip", plain.bytes))
        #expect(throws: StatementFault.self, "an archive in an archive") { try reading(nested.bytes) }
    }

    @Test func anArchiveThatIsCutOffAnywhereIsRefused() {
        let bytes = ZipFile(.init("pos.csv", text), .init("folder/", [])).bytes
        for length in 4..<bytes.count {
            #expect(throws: StatementFault.self, "\(length) bytes") { try reading(Array(bytes[..<length])) }
        }
    }

    @Test func anArchiveThatWasChangedIsRefused() {
        var bytes = plain.bytes
        bytes[40] ^= 0x10
        #expect(throws: StatementFault.damagedZip) { try reading(bytes) }
        let wrongSum = ZipFile(ZipFile.Member("pos.csv", text).with { $0.sum = 1 })
        #expect(throws: StatementFault.damagedZip) { try reading(wrongSum.bytes) }
        #expect(throws: StatementFault.damagedZip) { try reading(plain.bytes + other) }
        var zip = plain
        zip.comment = other
        #expect(throws: Never.self) { try reading(zip.bytes) }
        zip.listed = 2
        #expect(throws: StatementFault.damagedZip) { try reading(zip.bytes) }
    }

    @Test func aDirectoryThatTellsOfOtherMembersIsRefused() throws {
        var bytes = plain.bytes
        let name = Array("pos.csv".utf8)
        let place = try #require(bytes.indices.last { bytes[$0...].starts(with: name) })
        bytes[place] = UInt8(ascii: "q")
        #expect(throws: StatementFault.damagedZip) { try reading(bytes) }
    }

    @Test func whatCannotBeUnpackedIsNamed() {
        let member = ZipFile.Member("pos.csv", text)
        #expect(throws: StatementFault.encryptedZip) { try reading(ZipFile(member.with { $0.flags = 1 }).bytes) }
        #expect(throws: StatementFault.packedUnknown(method: 12)) {
            try reading(ZipFile(member.with { $0.method = 12 }).bytes)
        }
        let endless = member.with {
            $0.isStored = true; $0.hasDescriptor = true
        }
        #expect(throws: StatementFault.damagedZip) { try reading(ZipFile(endless).bytes) }
    }

    @Test func anArchiveThatGrowsBeyondMeasureIsRefused() {
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: 40 << 20) + [UInt8(ascii: "\n")]
        let bomb = ZipFile(.init("folder/.hidden", blanks), .init("pos.csv", text))
        #expect(throws: StatementFault.expandsTooMuch(times: 200)) { try reading(bomb.bytes) }
    }

    @Test func anArchiveOfVeryManyFilesIsRefused() {
        var zip = plain
        zip.members += (0..<Unzip.membersMax).map { ZipFile.Member("\($0)/", []) }
        #expect(throws: StatementFault.tooManyMembers(max: 64)) { try reading(zip.bytes) }
        zip.members.removeLast()
        #expect(throws: Never.self) { try reading(zip.bytes) }
    }

    @Test func randomDamageNeverTraps() throws {
        var random = Seeded(state: 20_261_123)
        let details = ZipFile.Member("20885_业务明细.csv", Array(AlipayFile().text.utf8))
        let bases = [
            plain.bytes, ZipFile(details.with { $0.hasDescriptor = true }, .init("x/", [])).bytes,
            ZipFile(details.with { $0.isStored = true }).bytes,
        ]
        var refused = 0
        for round in 0..<1500 {
            var bytes = bases[round % bases.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 4..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
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

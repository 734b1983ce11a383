import RefundDomain
import Testing

@Suite struct CaseNumberTests {
    private static let symbols = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// 2,000 numbers, the same ones in every run.
    private static var sample: [CaseNumber] {
        var generator = SeededGenerator(seed: 5)
        var numbers: [CaseNumber] = []
        while numbers.count < 2_000 {
            let value = UInt64.random(in: 0..<(1 << 40), using: &generator)
            if let number = CaseNumber(value: value) { numbers.append(number) }
        }
        return numbers
    }

    @Test func aNumberIsReadBackFromItsText() throws {
        for number in CaseNumberTests.sample {
            #expect(try CaseNumber.parse(number.text) == number)
            #expect(number.text.count == 14 && number.text.hasPrefix("RF-"))
        }
    }

    @Test func onlySymbolsThatCannotBeMistakenAreUsed() {
        let allowed = Set(CaseNumberTests.symbols)
        for number in CaseNumberTests.sample {
            let symbols = number.text.dropFirst(3).filter { $0 != "-" }
            #expect(symbols.count == 9)
            #expect(symbols.allSatisfy { allowed.contains($0) })
        }
    }

    @Test func everySingleWrongSymbolIsNoticed() {
        for number in CaseNumberTests.sample {
            let right = Array(number.text)
            for position in right.indices.dropFirst(3) where right[position] != "-" {
                for symbol in CaseNumberTests.symbols where symbol != right[position] {
                    var wrong = right
                    wrong[position] = symbol
                    if (try? CaseNumber.parse(String(wrong))) != nil {
                        Issue.record("\(String(wrong)) passes for \(number.text)")
                    }
                }
            }
        }
    }

    @Test func everySwapOfNeighboursIsNoticed() {
        for number in CaseNumberTests.sample {
            let right = Array(number.text.dropFirst(3).filter { $0 != "-" })
            for position in right.indices.dropLast() where right[position] != right[position + 1] {
                var wrong = right
                wrong.swapAt(position, position + 1)
                if (try? CaseNumber.parse(String(wrong))) != nil {
                    Issue.record("\(String(wrong)) passes for \(number.text)")
                }
            }
        }
    }

    @Test func aNumberIsReadAsPeopleTypeIt() throws {
        let number = try #require(CaseNumberTests.sample.first)
        let plain = number.text.filter { $0 != "-" }
        let wide = String(
            String.UnicodeScalarView(plain.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
        let ways = [
            plain, number.text.lowercased(), String(plain.dropFirst(2)), "  \(number.text)  ",
            "rf \(plain.dropFirst(2))",
            number.text.replacing("-", with: " "), number.text.replacing("-", with: "–"), wide, wide.lowercased(),
        ]
        for way in ways { #expect(try CaseNumber.parse(way) == number) }
    }

    @Test func lettersThatLookLikeDigitsAreReadAsThese() throws {
        let number = try #require(CaseNumberTests.sample.first { $0.text.contains("0") && $0.text.contains("1") })
        let text = String(number.text.dropFirst(3))
        #expect(try CaseNumber.parse(text.replacing("0", with: "O").replacing("1", with: "I")) == number)
        #expect(try CaseNumber.parse(text.replacing("0", with: "o").replacing("1", with: "l")) == number)
    }

    @Test(arguments: [
        "", "RF", "RF-", "RF-7K3M", "RF-7K3M-Q9TX", "RF-7K3M-Q9TX-DD", "RF-7K3M-Q9TU-D", "RF-7K3M-Q9TX-~",
        "RF-7K3M-Q9TX-$", "RF-7K3M-Q9TX-=", "RF-7K3M-Q9TX-*", "RX-7K3M-Q9TX-D", "RF_7K3M_Q9TX_D", "'; DROP TABLE",
        "七K3MQ9TXD", "RF-7K3M-Q9TX-D😀", "RFRF7K3MQ9TXD",
    ])
    func whatIsNoNumberIsUnreadable(text: String) {
        #expect(throws: CaseNumber.Fault.unreadable) { try CaseNumber.parse(text) }
    }

    @Test func valuesWithoutAPlainCheckSymbolAreNotUsed() {
        for value in [UInt64(32), 33, 34, 35, 36, 1 << 40, UInt64.max] { #expect(CaseNumber(value: value) == nil) }
        #expect(CaseNumber(value: 31) != nil)
        #expect(throws: CaseNumber.Fault.wrongCheckSymbol) { try CaseNumber.parse("0000 0010 0") }
    }
}

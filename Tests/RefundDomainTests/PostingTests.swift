import RefundDomain
import Testing

@Suite struct PostingTests {
    private func yuan(_ minor: Int64) -> Money {
        Money(minor: minor, currency: .cny) ?? .zero(.cny)
    }

    /// Balances after postings, each account growing by its own side.
    private struct Books {
        private(set) var balances: [Account: Int64] = [:]

        mutating func post(_ posting: Posting) {
            for line in posting.lines {
                balances[line.debit, default: 0] += line.debit.growsByDebit ? line.amount.minor : -line.amount.minor
                balances[line.credit, default: 0] += line.credit.growsByDebit ? -line.amount.minor : line.amount.minor
            }
        }

        /// In the order of the table in `docs/lifecycle.md`.
        var row: [Int64] {
            let order: [Account] = [
                .merchantAvailable, .merchantHeld, .refundInFlight, .channelSettlement, .feeIncome,
            ]
            return order.map { balances[$0, default: 0] }
        }

        var balance: Int64 {
            balances.reduce(0) { $0 + ($1.key.growsByDebit ? $1.value : -$1.value) }
        }
    }

    private func everyKind(_ cost: Money, _ fee: Money) -> [Posting] {
        let gross = cost.adding(fee) ?? cost
        return [
            .sale(net: cost, fee: fee), .hold(cost), .holdAdjusted(from: cost, to: fee),
            .holdAdjusted(from: fee, to: cost), .holdReleased(cost), .sent(cost: cost, feeGivenBack: fee),
            .unsent(cost: cost, feeGivenBack: fee), .confirmed(gross: gross), .failed(cost: cost, feeGivenBack: fee),
            .handlingFee(fee), .channelFee(fee), .exchanged(cost: cost, feeGivenBack: fee, spent: fee, gross: gross),
            .exchanged(cost: fee, feeGivenBack: fee, spent: cost, gross: gross), .returned(gross: gross),
            .returnedInFlight(gross: gross),
            .rerouted(gross: gross), .givenBack(cost: cost, feeGivenBack: fee), .unclaimed(gross: gross),
            .advanced(cost), .advanceRecovered(cost), .correctedDown(cost, isGoodwill: true),
            .correctedDown(cost, isGoodwill: false), .disputeOpened(cost), .disputeLost(cost, advanced: fee),
            .disputeWon(cost),
            .voided(net: cost, fee: fee), .paidOutside(cost: cost),
        ]
    }

    @Test func everyKindBalances() {
        var generator = SeededGenerator(seed: 31)
        var kinds: Set<Posting.Kind> = []
        for _ in 0..<500 {
            let cost = yuan(Int64.random(in: 0...Money.minorMax / 2, using: &generator))
            let fee = yuan(Int64.random(in: 0...1_000_000, using: &generator))
            for posting in everyKind(cost, fee) {
                var books = Books()
                books.post(posting)
                #expect(books.balance == 0)
                #expect(posting.lines.allSatisfy { $0.amount.minor > 0 && $0.debit != $0.credit })
                kinds.insert(posting.kind)
            }
        }
        #expect(kinds == Set(Posting.Kind.allCases))
    }

    @Test func whatMovesNothingHasNoLines() {
        for posting in everyKind(yuan(0), yuan(0)) { #expect(posting.lines.isEmpty) }
        #expect(Posting.holdAdjusted(from: yuan(50), to: yuan(50)).lines.isEmpty)
    }

    @Test func anUndoneSendingLeavesTheBooksAsTheyWere() {
        for undo in [
            Posting.unsent(cost: yuan(4_970), feeGivenBack: yuan(30)),
            Posting.failed(cost: yuan(4_970), feeGivenBack: yuan(30)),
        ] {
            var books = Books()
            books.post(.sent(cost: yuan(4_970), feeGivenBack: yuan(30)))
            books.post(undo)
            #expect(books.row == [0, 0, 0, 0, 0])
        }
    }

    /// Sale ¥100.00 with a fee of ¥0.60; asked ¥60.00, agreed ¥50.00: every step of the table in `docs/lifecycle.md`.
    @Test func theExampleComesOutToTheCent() {
        var books = Books()
        books.post(.sale(net: yuan(9_940), fee: yuan(60)))
        #expect(books.row == [9_940, 0, 0, 10_000, 60])
        let asked = fee(6_000)
        #expect(asked == yuan(36))
        books.post(.hold(yuan(5_964)))
        #expect(books.row == [3_976, 5_964, 0, 10_000, 60])
        let agreed = fee(5_000)
        #expect(agreed == yuan(30))
        books.post(.holdAdjusted(from: yuan(5_964), to: yuan(4_970)))
        #expect(books.row == [4_970, 4_970, 0, 10_000, 60])
        books.post(.sent(cost: yuan(4_970), feeGivenBack: yuan(30)))
        #expect(books.row == [4_970, 0, 5_000, 10_000, 30])
        books.post(.confirmed(gross: yuan(5_000)))
        #expect(books.row == [4_970, 0, 0, 5_000, 30])
    }

    private func fee(_ gross: Int64) -> Money {
        Fee.givenBack(fee: yuan(60), captured: yuan(10_000), refundedWithThis: yuan(gross), alreadyGivenBack: yuan(0))
    }
}

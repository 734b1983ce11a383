import RefundDesk
import RefundDomain
import TestSupport
import Testing
import Web
import Words

@testable import Portal

@Suite struct CaseStatusTests {
    private static let vocabulary = Result { try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words") }

    private func wording(_ owned: OwnCase, _ language: Language = .zhHans) throws -> CaseWording {
        let desk = IssuerDirectory.Desk(name: "招商银行", nameEnglish: "China Merchants Bank", phone: "95555")
        let issuers = IssuerDirectory(issuers: [], channels: [.wechatPay: desk])
        return CaseWording(owned, issuers: issuers, try CaseStatusTests.vocabulary.get()[language])
    }

    private func status(_ state: RefundCase.State, _ moves: OwnCase.MoneyMove...) -> CaseStatus {
        CaseStatus(state, OwnMoney(moves, in: .cny))
    }

    @Test func nothingIsCalledDoneBeforeTheBankHasSaidSo() {
        for state in Movement.State.allCases {
            let status = status(.approved, .sample(state))
            #expect((status == .confirmed) == (state == .succeeded))
            #expect((status.tone == .arrived) == [.succeeded, .arrived, .givenOutside].contains(state), "\(state)")
            #expect((self.status(.closed, .sample(state)) == .closed) == state.isPaid)
        }
        #expect(status(.approved) == .sending)
        #expect(status(.closed) == .closedUnpaid)
    }

    @Test func whateverWaitsForTheCardholderIsTheirTurn() {
        let turns = RefundCase.State.allCases.filter { status($0).tone == .turn }
        #expect(Set(turns) == [.infoNeeded, .counterOffered])
        #expect(status(.approved, .sample(.needsPayeeAction)).tone == .turn)
        #expect(status(.approved, .sample(.atBank, overdue: true)) == .late)
    }

    /// A date by which the merchant answers would be a promise that nobody can keep while the payment is blocked.
    @Test(arguments: Block.allCases)
    func aBlockedCaseNamesNoDateForTheAnswer(_ block: Block) throws {
        for state in [RefundCase.State.submitted, .inReview, .awaitingSecond, .appealed] {
            #expect(try wording(.sample(state)).slip.when?.contains("前答复") ?? false, "\(state)")
            #expect(try wording(.sample(state, blocks: [block])).slip.when == nil, "\(state)")
        }
    }

    /// Whatever happened to one part, the page speaks of the one that is not at its end.
    @Test func ofSeveralMovementsTheUnfinishedOneLeads() {
        #expect(status(.approved, .sample(.arrived), .sample(.ready, id: "n", corrects: "m")) == .sending)
        #expect(status(.approved, .sample(.returned), .sample(.succeeded, id: "n", corrects: "m")) == .returned)
        #expect(status(.approved, .sample(.failed), .sample(.accepted, id: "n", replaces: "m")) == .atBank)
        #expect(
            status(.approved, .sample(.rerouted), .sample(.succeeded, id: "n", replaces: "m", isRerouted: true))
                == .confirmed)
        #expect(status(.approved, .sample(.cancelled)) == .sending)
    }

    /// Every state of the decision with every state of up to two movements, in both languages, for both viewers.
    @Test(arguments: Language.allCases)
    func everyCombinationHasWordsAndNoneSaysMoreThanIsKnown(_ language: Language) throws {
        let seconds: [OwnCase.MoneyMove?] =
            [nil] + Movement.State.allCases.map { .sample($0, 2_000, id: "n", corrects: "m") }
        for state in RefundCase.State.allCases where state != .draft {
            for first in Movement.State.allCases {
                for second in state == .approved || state == .closed ? seconds : [nil] {
                    let owned = OwnCase.sample(
                        state, [.sample(first)] + [second].compactMap(\.self), approved: 8_000,
                        appealUntil: Moment(milliseconds: 1_797_000_000_000))
                    let wording = try wording(owned, language)
                    let name = "\(state) \(first) \(second.map { "\($0.state)" } ?? "-")"
                    expectWords(of: wording, name)
                    expectNothingTooSoon(wording, language, name)
                }
            }
        }
    }

    private func expectWords(of wording: CaseWording, _ name: String) {
        for viewer in [Viewer.cardholder, .link] {
            let view = OwnCaseView(wording, viewer: viewer, frame: .sample)
            let record = RecordView(wording, frame: .sample)
            for text in CaseStatusTests.texts(of: view) + CaseStatusTests.texts(of: record)
            where text.isEmpty || text.contains("{") || text.contains("cardholder.") {
                Issue.record("\(name) says \"\(text)\"")
            }
        }
    }

    private func expectNothingTooSoon(_ wording: CaseWording, _ language: Language, _ name: String) {
        guard wording.money.confirmed.minor == 0 else { return }
        let said = [wording.slip.status, wording.slip.when ?? "", wording.next].joined(separator: " ").lowercased()
        let done: [String]
        switch language {
        case .en: done = ["refunded to", "has been refunded", "is done", "it arrived"]
        case .zhHans: done = ["已退回给", "已退款", "已到账", "已确认退回"]
        }
        for word in done where said.contains(word) {
            Issue.record("\(name) says \(word) and nothing is confirmed")
        }
    }

    /// All texts below a view.
    static func texts(of value: Any) -> [String] {
        if let text = value as? String { return [text] }
        return Mirror(reflecting: value).children.flatMap { texts(of: $0.value) }
    }
}

@Suite struct CaseSumTests {
    private func sums(_ owned: OwnCase) throws -> [String] {
        let vocabulary = try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words")
        return CaseWording(owned, issuers: .empty, vocabulary[.en]).sums.rows.map { "\($0.label): \($0.amount)" }
    }

    @Test func aCorrectionIsAddedAndNotHidden() throws {
        let rows = try sums(
            .sample(
                .approved, [.sample(.arrived), .sample(.accepted, 2_000, id: "n", corrects: "m")], approved: 8_000))
        #expect(
            rows == [
                "You paid: ¥100.00", "You asked for: ¥80.00", "The merchant agreed to: ¥80.00", "Fee taken off: ¥0.00",
                "Part 1: You said it arrived: ¥80.00", "Part 2: correction, Your bank accepted it: ¥20.00",
                "You should receive: ¥100.00", "Confirmed by your bank: ¥80.00", "You confirmed it arrived: ¥80.00",
            ])
    }

    @Test func aReplacementTakesThePlaceOfWhatFailed() throws {
        let rows = try sums(
            .sample(.approved, [.sample(.failed), .sample(.ready, id: "n", replaces: "m")], approved: 8_000))
        #expect(rows.last == "You should receive: ¥80.00")
    }

    @Test(arguments: [("JPY", "JPY 100", "JPY 7,900"), ("KWD", "KWD 0.100", "KWD 7.900"), ("USD", "$1.00", "$79.00")])
    func aFeeComesOffInEveryCurrency(_ code: String, _ fee: String, _ left: String) throws {
        let currency = try #require(Currency(code: code))
        let kept = try #require(Money(minor: 100, currency: currency))
        let before = try sums(.sample(.approved, [], in: currency, approved: 8_000, feeQuoted: kept))
        #expect(before.suffix(2) == ["Fee taken off: − \(fee)", "You should receive: \(left)"])
        let sent = try sums(
            .sample(.approved, [.sample(.atBank, 7_900, fee: 100, in: currency)], in: currency, approved: 8_000))
        #expect(sent.suffix(2) == before.suffix(2))
    }

    @Test func whatTheBankConvertsIsOnlyAbout() throws {
        let rows = try sums(.sample(.approved, [.sample(.atBank)], approved: 8_000, isExchanged: true))
        #expect(rows.suffix(2) == ["Currency exchange: Set by your bank", "You should receive: about ¥80.00"])
    }
}

@Suite struct BankHelpTests {
    private func bank(_ issuer: String?, _ state: Movement.State = .atBank) throws -> BankHelp? {
        let vocabulary = try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words")
        let issuers = try IssuersFile.read("\(RepositoryFolder.path)/reference/issuers/cn.json")
        let owned = OwnCase.sample(.approved, [.sample(state)], approved: 8_000, issuer: issuer)
        return CaseWording(owned, issuers: issuers, vocabulary[.zhHans]).bank
    }

    @Test func theHotlineIsTheIssuersElseTheWallets() throws {
        for (issuer, phone) in [
            ("CMB", "95555"), ("招商银行", "95555"), ("中国银行", "95566"), ("中国工商银行", "95588"), ("CFT", "95017"),
            ("某某村镇银行", "95017"),
        ] {
            #expect(try bank(issuer)?.phone == phone, "\(issuer)")
        }
        #expect(try bank(nil)?.phone == "95017")
        #expect(try bank("CMB", .ready) == nil, "the bank knows nothing of it yet")
    }

    @Test func whatToQuoteIsAllThere() throws {
        let lines = try #require(try bank("CMB")).lines
        #expect(lines.map(\.value) == ["50300802026112200001", "¥80.00", "11 月 20 日（周五）"])
    }
}

@Suite struct TypedTextTests {
    @Test func fullWidthFormsSpacesAndHyphensAreReadAsPlain() {
        #expect(TypedText.symbols(" ８０２１-0001　ab ") == "80210001AB")
        #expect(TypedText.digits("１２ ３４") == "1234")
        #expect(TypedText.order(" 4200_A-1 2 ") == "4200_A-12")
        #expect(TypedText.date("2026年11月18日") == "2026-11-18")
    }

    @Test func whatIsNoNumberIsNone() {
        for text in ["", "  ", "😀", "12a4", "１２四", "1;2", String(repeating: "1", count: 100)] {
            #expect(TypedText.digits(text) == nil)
        }
        #expect(TypedText.order("号码") == nil)
    }
}

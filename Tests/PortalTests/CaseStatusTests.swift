import RefundDomain
import Testing
import Web

@testable import Portal

@Suite struct CaseStatusTests {
    @Test func nothingIsCalledDoneBeforeTheBankHasSaidSo() {
        for state in Movement.State.allCases {
            let status = CaseStatus(.approved, state)
            #expect((status == .confirmed) == (state == .succeeded))
            #expect((status.tone == .arrived) == (state == .succeeded))
        }
        #expect(CaseStatus(.approved, nil) == .sending)
    }

    @Test func whateverWaitsForTheCardholderIsTheirTurn() {
        let turns = RefundCase.State.allCases.filter { CaseStatus($0, nil).tone == .turn }
        #expect(Set(turns) == [.infoNeeded, .counterOffered])
        #expect(CaseStatus(.approved, .needsPayeeAction).tone == .turn)
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

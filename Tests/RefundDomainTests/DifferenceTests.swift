import RefundDomain
import Testing

struct DifferenceTests {
    @Test(arguments: Movement.State.allCases, [true, false])
    func whatTheBankHasAndWeNeverSentNeverFits(_ state: Movement.State, isFinal: Bool) {
        let unsent: Set<Movement.State> = [.planned, .waitingFunds, .ready, .cancelled]
        for status in StatementRefund.Status.allCases where unsent.contains(state) {
            #expect(!status.fits(state, linesAreFinal: isFinal))
        }
        #expect(unsent.contains(state) ? !state.mustBeInFile(linesAreFinal: isFinal) : true)
    }

    @Test(arguments: Movement.State.allCases)
    func aLineThatIsNeverUpdatedFitsWhateverCameLaterButNotTheOpposite(_ state: Movement.State) {
        let fitsEarly = StatementRefund.Status.processing.fits(state, linesAreFinal: false)
        #expect(fitsEarly == ![.planned, .waitingFunds, .ready, .cancelled, .givenOutside].contains(state))
        let paid: Set<Movement.State> = [.succeeded, .arrived, .returned, .rerouted, .givenBack, .unclaimed]
        for isFinal in [true, false] where paid.contains(state) {
            #expect(StatementRefund.Status.succeeded.fits(state, linesAreFinal: isFinal))
            #expect(!StatementRefund.Status.failed.fits(state, linesAreFinal: isFinal))
            #expect(state.mustBeInFile(linesAreFinal: isFinal))
        }
    }

    @Test func paidTwiceNeverFits() {
        #expect(!StatementRefund.Status.succeeded.fits(.givenOutside, linesAreFinal: true))
        #expect(!StatementRefund.Status.succeeded.fits(.failed, linesAreFinal: false))
    }

    @Test func onlyAFinalLineEndsWhatWasAccepted() {
        for state in [Movement.State.accepted, .atBank] {
            #expect(StatementRefund.Status.succeeded.fits(state, linesAreFinal: true))
            #expect(!StatementRefund.Status.succeeded.fits(state, linesAreFinal: false))
            #expect(!state.mustBeInFile(linesAreFinal: true))
        }
        #expect(!Channel.wechatPay.refundLinesAreFinal)
        #expect(!Channel.alipay.refundLinesAreFinal)
        #expect(Channel.unionPay.refundLinesAreFinal)
    }
}

package import Channels
package import RefundDesk
import RefundDomain

/// Takes what a channel sent of its own accord, whichever way it came.
package struct NoticeDoor: Sendable {
    private let desk: Desk
    private let book: ChannelBook

    package init(desk: Desk, book: ChannelBook) {
        self.desk = desk
        self.book = book
    }

    /// Believes a notice by its signature and its figures, and records what it says.
    ///
    /// - Parameters:
    ///   - channel: the channel's word in the address that was called.
    ///   - account: the account's unguessable name in it.
    ///   - body: as it came; the signature is over exactly these bytes.
    /// - Returns: what the channel wants to hear.
    /// - Throws: ``NoticeRefused``; ``StoreFault`` when it could not be written down.
    @discardableResult
    package func take(
        channel: String, account: String, headers: ChannelHeaders, body: [UInt8]
    ) async throws -> ChannelAcknowledgement {
        let query = CallbackQuery(desk: desk)
        guard let channel = Channel(rawValue: channel), let accountID = try await query.accountID(channel, account)
        else { throw NoticeRefused.noSuchAccount }
        let client = try book.client(of: channel, settings: try await desk.channelSettings(accountID: accountID))
        let notice: ChannelNotice
        do throws(NoticeFault) { notice = try client.readNotice(headers: headers, body: body) } catch {
            throw NoticeRefused.notice(error)
        }
        guard let refund = try await desk.orderedRefund(number: notice.refundNumber, accountID: accountID) else {
            throw NoticeRefused.noSuchRefund
        }
        let answer = notice.answer(to: refund.order)
        if let alert = answer.alert { throw NoticeRefused.figures(alert) }
        if notice.isHint {
            try await desk.askAfterNotice(notice.id, of: refund.movementID)
        } else {
            try await desk.recordOutcome(answer, of: refund.movementID, from: .notice(id: notice.id))
        }
        return client.acknowledgement
    }
}

/// Why a notice is not taken; the channel tries again later, so nothing is lost by a no.
package enum NoticeRefused: Error, Sendable, Hashable {
    case noSuchAccount
    case tooLong
    case notice(NoticeFault)
    case noSuchRefund
    case figures(ChannelAlert)

    /// For our log; the sender is told nothing.
    package var reason: String {
        switch self {
        case .noSuchAccount: "no such account"
        case .tooLong: "too long"
        case .notice(let fault): fault.rawValue
        case .noSuchRefund: "no such refund"
        case .figures(let alert): alert.rawValue
        }
    }
}

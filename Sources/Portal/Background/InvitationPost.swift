import Messages
import RefundDesk
import RefundDomain
import Words

extension MessagePost {
    /// Sends the link of an invitation.
    ///
    /// - Throws: ``MessageFault`` when it cannot be handed over; ``StoreFault``. The job is then put off by the caller.
    func deliverInvitation(_ job: Job) async throws {
        guard let outgoing = try await desk.outgoingInvitation(job) else { return }
        guard desk.clock() < job.actBefore else { return }
        try await sender.send(writer.message(notice(outgoing)))
        try await desk.invitationSent(job)
    }

    private func notice(_ invitation: OutgoingInvitation) -> Notice {
        let language = Language(rawValue: invitation.language) ?? .standard
        let house: String
        switch language {
        case .zhHans: house = invitation.merchantName ?? writer.text("layout.portal", language)
        case .en:
            house =
                invitation.merchantNameEnglish ?? invitation.merchantName ?? writer.text("layout.portal", language)
        }
        return Notice(
            id: invitation.id, kind: "staff-\(invitation.kind.rawValue)", language: language, medium: .email,
            to: invitation.to,
            values: ["merchant": house, "address": publicURL + Paths.staffJoin(invitation.link)],
            writtenMilliseconds: invitation.written.milliseconds, isForStaff: true)
    }
}

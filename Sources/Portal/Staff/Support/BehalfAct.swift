import RefundDesk
import RefundDomain

/// What the support desk does with a cardholder on the line: asking, or acting for the person with the person's
/// consent.
enum BehalfAct: String, Sendable, Hashable, CaseIterable {
    case question
    case answer
    case withdraw
    case appeal

    /// The last part of its address below the case.
    var path: String {
        switch self {
        case .question: "question"
        case .answer, .withdraw, .appeal: "behalf/\(rawValue)"
        }
    }

    /// Whether the person at the desk does it in the cardholder's place, so that the cardholder has to agree.
    var needsConsent: Bool { self != .question }

    /// Whether files can come with it.
    var takesFiles: Bool {
        switch self {
        case .answer, .appeal: true
        case .question, .withdraw: false
        }
    }

    /// The field that holds its words.
    var field: String {
        switch self {
        case .question: "question"
        case .answer: "text"
        case .withdraw: "reason"
        case .appeal: "grounds"
        }
    }

    /// The rows of the transition table that it uses.
    var commands: [RefundCase.Command] {
        switch self {
        case .question: [.ask]
        case .answer: [.answer, .answerLate]
        case .withdraw: [.withdraw]
        case .appeal: [.appeal]
        }
    }

    /// Those who may: agents of the operator. Whoever decides asks on the page where cases are decided.
    var roles: Set<Role> {
        Set(
            Role.allCases.filter { role in
                role.seesSupportDesk && role.kinds == [.agent] && commands.contains(where: role.may)
            })
    }

    /// What somebody can do for the cardholder of a case now.
    static func all(of file: CaseFile, for role: Role, at now: Moment) -> [BehalfAct] {
        allCases.filter { $0.roles.contains(role) && $0.isPossible(file, at: now) }
    }

    private func isPossible(_ file: CaseFile, at now: Moment) -> Bool {
        guard commands.contains(where: { RefundCase.transition($0, from: file.state, by: .agent) != nil }) else {
            return false
        }
        switch self {
        case .question: return true
        case .answer: return file.questions.contains { $0.answered == nil }
        case .withdraw: return file.movements.allSatisfy { $0.state.isBeforeSending || $0.state == .cancelled }
        case .appeal:
            let isPart = file.request.approved.map { $0 < file.request.amount } ?? true
            return isPart && file.process.appealUntil.map { now < $0 } ?? false
        }
    }
}

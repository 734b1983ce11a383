import RefundDesk
import RefundDomain

/// Something that two people can do to a case now: the action and, where it is about money, the movement.
struct JointTarget: Sendable {
    let action: JointAction
    let movement: CaseFile.MovementLine?

    /// What somebody of a role may propose now, by the transition tables and the actions' own roles; nothing while a
    /// proposal waits for its second person.
    static func all(of file: CaseFile, for role: Role) -> [JointTarget] {
        JointAction.allCases.filter { $0.proposers.contains(role) }.flatMap { action in targets(action, file) }
    }

    /// The target that a form names; nil when it is not possible now.
    static func find(_ action: JointAction, movement id: String?, of file: CaseFile) -> JointTarget? {
        targets(action, file).first { $0.movement?.id == id }
    }

    private static func targets(_ action: JointAction, _ file: CaseFile) -> [JointTarget] {
        if action.direction != nil {
            return file.movements.filter(\.state.isPaid).map { JointTarget(action: action, movement: $0) }
        }
        guard let happening = action.happening else {
            let isPossible = [ActorKind.agent, .finance].contains { kind in
                RefundCase.transition(.reopen, from: file.state, by: kind) != nil
            }
            return isPossible ? [JointTarget(action: action, movement: nil)] : []
        }
        return file.movements.filter { movement in
            guard let step = Movement.transition(happening, from: movement.state) else { return false }
            return step.triggers.contains(.twoPeople) && !file.isReplaced(movement)
        }.map { JointTarget(action: action, movement: $0) }
    }
}

extension JointAction {
    /// The last part of its address below the case. Both corrections are one form with a direction.
    var path: String {
        switch self {
        case .correctUp, .correctDown: "correct"
        case .resend, .giveUp, .recordReturn, .reroute, .giveBack, .leaveUnclaimed, .payOutside, .reopen: rawValue
        }
    }

    /// The field that tells the two corrections apart.
    static let directionField = "direction"

    /// `up` or `down` for corrections.
    var direction: String? {
        switch self {
        case .correctUp: "up"
        case .correctDown: "down"
        case .resend, .giveUp, .recordReturn, .reroute, .giveBack, .leaveUnclaimed, .payOutside, .reopen: nil
        }
    }

    /// Every address with those who may propose what lies there.
    static var paths: [(path: String, roles: Set<Role>)] {
        var paths: [(path: String, roles: Set<Role>)] = []
        for action in allCases {
            if let place = paths.firstIndex(where: { $0.path == action.path }) {
                paths[place].roles.formUnion(action.proposers)
            } else {
                paths.append((action.path, action.proposers))
            }
        }
        return paths
    }

    /// The action of an address; nil for a direction that is none.
    static func find(path: String, direction: String?) -> JointAction? {
        allCases.first { $0.path == path && ($0.direction == nil || $0.direction == direction) }
    }

    /// Those who may confirm or refuse anything at all.
    static var everyConfirmer: Set<Role> { allCases.reduce(into: []) { $0.formUnion($1.confirmers) } }
}

extension CaseFile {
    /// Whether another movement took a movement's place.
    func isReplaced(_ movement: MovementLine) -> Bool {
        movements.contains { $0.replacesID == movement.id }
    }
}

import RefundDesk
import RefundDomain
import Web
import Words

/// What somebody typed to propose an action.
struct JointInput: Sendable {
    let evidence: String
    let amount: Money?
    let isGoodwill: Bool
    let destination: SupportFile.Destination?
    let returnCode: String?
    let returnedOn: Day?

    static var keys: [String] {
        let fields = [
            "amount", "amount.hint", "basis", "basis.goodwill", "basis.goodwill.hint", "basis.consent",
            "basis.consent.hint", "destination", "destination.none", "destination.option", "return_code",
            "return_code.hint", "returned_on", "returned_on.hint",
            "evidence", "evidence.hint", "reason", "reason.hint",
        ].map { "staff.joint.field.\($0)" }
        return fields + AmountField.words("staff.joint")
            + ["missing", "too-long", "too-short", "unreadable", "not-offered"].flatMap { word in
                ["evidence", "reason", "basis", "destination", "return_code", "returned_on", "amount"].map { field in
                    "staff.joint.\(field).\(word)"
                }
            } + ["staff.joint.amount.too-much"]
    }

    /// - Throws: ``FormFault`` with everything that does not fit.
    init(_ fields: FormFields, _ target: JointTarget, _ more: SupportFile) throws(FormFault) {
        var faults: [Web.FieldFault] = []
        var amount: Money?
        if let movement = target.movement, target.action.direction != nil {
            do throws(FormFault) {
                amount = try AmountField.read("amount", of: fields, in: movement.gross.currency, "staff.joint")
            } catch { faults += error.faults }
            if target.action == .correctDown, let typed = amount, typed > movement.gross {
                faults.append(Web.FieldFault("amount", "staff.joint.amount.too-much", ["most": movement.gross.text]))
            }
        }
        let basis = fields.text("basis")
        if target.action == .correctDown, basis != "goodwill", basis != "consent" {
            faults.append(Web.FieldFault("basis", "staff.joint.basis.missing"))
        }
        let destination = more.destinations.first { $0.id == fields.text("destination") }
        if target.action == .reroute, destination == nil {
            faults.append(Web.FieldFault("destination", "staff.joint.destination.missing"))
        }
        let isReturn = target.action == .recordReturn
        let returnedOn = fields.text("returned_on").flatMap { Day(iso: $0) }
        if isReturn, fields.text("return_code") == nil {
            faults.append(Web.FieldFault("return_code", "staff.joint.return_code.missing"))
        }
        if isReturn, returnedOn == nil {
            faults.append(Web.FieldFault("returned_on", "staff.joint.returned_on.missing"))
        }
        let evidence = fields.text("evidence") ?? ""
        if evidence.isEmpty {
            faults.append(Web.FieldFault("evidence", "staff.joint.evidence.missing"))
        } else if evidence.unicodeScalars.count < TextLimits.explanationCharactersMin {
            faults.append(Web.FieldFault("evidence", "staff.joint.evidence.too-short"))
        } else if evidence.unicodeScalars.count > TextLimits.explanationCharactersMax {
            faults.append(Web.FieldFault("evidence", "staff.joint.evidence.too-long"))
        }
        guard faults.isEmpty else { throw FormFault(faults) }
        self.evidence = evidence
        self.amount = amount
        self.isGoodwill = basis == "goodwill"
        self.destination = target.action == .reroute ? destination : nil
        self.returnCode = isReturn ? fields.text("return_code") : nil
        self.returnedOn = isReturn ? returnedOn : nil
    }
}

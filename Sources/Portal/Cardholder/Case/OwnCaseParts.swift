import RefundDesk
import RefundDomain
import Storage
import Web
import Words

/// The proof of a case, and the form that adds more.
struct OwnProofView: View {
    static let template = "cardholder/case-proof"
    static let sample = OwnProofView(
        frame: .sample, problems: .sample, back: "/cases/x", proofs: [.sample], codeFirst: "/track?case=x",
        scanning: "不扫描病毒", form: .sample)

    struct Form: Sendable {
        let action: String
        let version: String
        let kind: Choices
        let file: FileField
        static let sample = Form(action: "/cases/x/proof", version: "4", kind: .sample, file: .sample)
    }

    let frame: Frame
    let problems: Problems?
    let back: String
    let proofs: [ProofLine]
    /// Where somebody who came by the link gives a code to see the pictures; nil for the cardholder.
    let codeFirst: String?
    /// Whether files are scanned, in words.
    let scanning: String
    /// Nil once it is decided.
    let form: Form?
}

extension OwnProofView {
    init(_ wording: CaseWording, viewer: Viewer, scans: Bool, _ fault: FormFault?, frame: Frame) {
        let owned = wording.owned
        let phrases = wording.phrases
        let action = Paths.cases(owned.number, .proof)
        let isOwner = viewer == .cardholder
        self.frame = frame
        problems = Problems(fault, phrases)
        back = Paths.cases(owned.number)
        proofs = wording.proofs(shownBelow: isOwner ? action : nil)
        codeFirst = isOwner || proofs.isEmpty ? nil : Paths.track(owned.number)
        scanning = phrases.text(ProofUpload.scanning(scans))
        form =
            owned.state.isUndecided
            ? Form(
                action: action, version: String(owned.version),
                kind: Choices(
                    "kind", legend: phrases.text("\(ProofUpload.prefix).kind"),
                    options: ProofKind.allCases.map {
                        ($0.rawValue, phrases.text("\(ProofUpload.prefix).kind.\($0.rawValue)"), nil)
                    }, chosen: [ProofKind.receipt.rawValue]),
                file: FileField(fault, phrases)) : nil
    }
}

/// Name and contact of a case, for the person they belong to.
struct OwnContactView: View {
    static let template = "cardholder/case-contact"
    static let sample = OwnContactView(
        frame: .sample, back: "/cases/x", name: "王秀英", phone: "138 0000 0000", email: "a@b.example",
        account: "支付用户零钱")

    let frame: Frame
    let back: String
    let name: String?
    let phone: String?
    let email: String?
    /// Where the money goes, in the channel's words.
    let account: String?
}

extension OwnContactView {
    init(_ wording: CaseWording, _ contact: OwnContact, frame: Frame) {
        self.frame = frame
        back = Paths.cases(wording.owned.number)
        name = contact.name
        phone = contact.phone
        email = contact.email
        account = contact.account
    }
}

/// Who a case belongs to.
struct OwnContact: Sendable {
    let name: String?
    let phone: String?
    let email: String?
    let account: String?
}

extension OwnCaseQuery {
    /// Name, contact and account of a case.
    ///
    /// - Throws: ``Refusal/notFound``, ``StoreFault``.
    func contact(_ number: CaseNumber) async throws -> OwnContact {
        try await desk.store.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT id, merchant_id, name_sealed, email_sealed, phone_sealed
                    FROM   refund_case
                    WHERE  number = $1
                    """, [.text(number.text)])
            else { throw Refusal.notFound }
            let id = try row.text("id")
            let merchant = try row.text("merchant_id")
            let open = { (column: String) in
                try desk.seals.openText(
                    row.bytesOrNil(column), SealPlace("refund_case", column, row: id, tenant: merchant, .contact), sql)
            }
            let account = try sql.row(
                """
                SELECT   destination_text
                FROM     movement
                WHERE    case_id = $1
                AND      destination_text IS NOT NULL
                ORDER BY sequence DESC, id
                LIMIT    1
                """, [.text(id)])
            return OwnContact(
                name: try open("name_sealed"), phone: try open("phone_sealed"), email: try open("email_sealed"),
                account: try account?.textOrNil("destination_text"))
        }
    }
}

/// The page for a form that came too late: what changed, and what was typed.
struct ChangedView: View {
    static let template = "cardholder/changed"
    static let sample = ChangedView(
        frame: .sample, status: "商户正在查看", changes: [.sample], typed: "我写的话", back: "/cases/x")

    struct Change: Sendable {
        let text: String
        let when: String
        static let sample = Change(text: "商户开始查看", when: "11 月 22 日 10:15")
    }

    let frame: Frame
    let status: String
    let changes: [Change]
    let typed: String?
    let back: String
}

extension ChangedView {
    /// - Parameter version: what the form's page showed.
    init(_ wording: CaseWording, since version: Int64, typed: String?, frame: Frame) {
        self.frame = frame
        status = wording.slip.status
        changes = OwnRails(wording).entries(since: version).map { Change(text: $0.text, when: $0.when) }
        self.typed = typed?.isEmpty == true ? nil : typed
        back = Paths.cases(wording.owned.number)
    }
}

/// The record of a case, for printing.
struct RecordView: View {
    static let template = "cardholder/record"
    static let sample = RecordView(
        frame: .sample, number: "RF-7K3M-Q9TX-D", slip: .sample, decline: .sample, sums: .sample, enquiries: [.sample],
        bank: .sample,
        entries: [.sample], zone: "北京时间", back: "/cases/x")

    let frame: Frame
    let number: String
    let slip: Slip
    /// Why the merchant said no.
    let decline: OwnCaseView.Decline?
    let sums: Sums
    let enquiries: [OwnEnquiry]
    let bank: BankHelp?
    let entries: [ChangedView.Change]
    let zone: String
    let back: String
}

extension RecordView {
    init(_ wording: CaseWording, frame: Frame) {
        self.frame = frame
        number = wording.owned.number.text
        slip = wording.slip
        decline = OwnCaseView.declined(wording)
        sums = wording.sums
        enquiries = wording.enquiries
        bank = wording.bank
        entries = OwnRails(wording).entries(since: 0).map { ChangedView.Change(text: $0.text, when: $0.when) }
        zone = wording.dates.zoneName
        back = Paths.cases(wording.owned.number)
    }
}

import RefundDesk
import RefundDomain
import Web
import Words

/// The page that takes proof.
struct ProofView: View {
    static let template = "cardholder/proof"
    static let sample = ProofView(
        frame: .sample, problems: .sample, lead: "请上传照片", kind: .sample, file: .sample, given: [.sample],
        scanning: "不扫描病毒", button: "继续")

    let frame: Frame
    let problems: Problems?
    /// What the reason asks for.
    let lead: String
    let kind: Choices
    let file: FileField
    let given: [ProofLine]
    /// Whether files are scanned, in words.
    let scanning: String
    /// What the button that goes on says: on, or on without.
    let button: String

    private init(
        frame: Frame, problems: Problems?, lead: String, kind: Choices, file: FileField, given: [ProofLine],
        scanning: String, button: String
    ) {
        self.frame = frame
        self.problems = problems
        self.lead = lead
        self.kind = kind
        self.file = file
        self.given = given
        self.scanning = scanning
        self.button = button
    }

    init(_ draft: Draft, scans: Bool, kind: String?, _ fault: FormFault?, _ phrases: Phrases, frame: Frame) {
        let prefix = ProofUpload.prefix
        let demand = draft.proofDemand ?? .helpful([])
        let kinds = demand.kinds + ProofKind.allCases.filter { !demand.kinds.contains($0) }
        self.frame = frame
        problems = Problems(fault, phrases)
        lead = phrases.text("\(prefix).\(demand.isDemanded ? "demanded" : "helpful")")
        self.kind = Choices(
            "kind", legend: phrases.text("\(prefix).kind"),
            options: kinds.map { option in
                let helps = demand.kinds.contains(option)
                return (
                    option.rawValue, phrases.text("\(prefix).kind.\(option.rawValue)"),
                    helps ? phrases.text("\(prefix).kind-helps") : nil
                )
            }, chosen: [kind ?? kinds.first?.rawValue ?? ProofKind.other.rawValue])
        file = FileField(fault, phrases)
        given = draft.proofs.map { ProofLine($0, phrases) }
        scanning = phrases.text(ProofUpload.scanning(scans))
        let mayGoOn = !demand.isDemanded && draft.proofs.isEmpty
        button = phrases.text(mayGoOn ? "\(prefix).without" : "cardholder.continue")
    }

    static var words: [String] {
        ["demanded", "helpful", "kind", "kind-helps", "without"].map { "\(ProofUpload.prefix).\($0)" }
            + ["cardholder.continue"] + FileField.words
    }
}

/// The box that takes files: `cardholder/file-field`.
struct FileField: Sendable {
    let label: String
    let hint: String
    let problem: String?
    /// The ids of hint and problem.
    let describedBy: String

    static let sample = FileField(label: "选择文件", hint: "每个不超过 10 MB", problem: "文件是空的", describedBy: "file-hint")

    private init(label: String, hint: String, problem: String?, describedBy: String) {
        self.label = label
        self.hint = hint
        self.problem = problem
        self.describedBy = describedBy
    }

    /// - Parameter label: nil for the usual one.
    init(_ fault: FormFault?, _ phrases: Phrases, label: String? = nil) {
        let problem = fault?.text("file", phrases)
        self.init(
            label: label ?? phrases.text("\(ProofUpload.prefix).file"),
            hint: phrases.text("\(ProofUpload.prefix).file.hint"),
            problem: problem, describedBy: problem == nil ? "file-hint" : "file-hint file-problem")
    }

    static var words: [String] { ["\(ProofUpload.prefix).file", "\(ProofUpload.prefix).file.hint"] }
}

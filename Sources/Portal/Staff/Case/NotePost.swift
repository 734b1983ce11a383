import Hummingbird
import RefundDesk
import RefundDomain
import Web

/// A note as it was sent by either of the two forms.
struct NotePost: Sendable {
    let text: String?
    let visibility: Visibility
    let version: Int64
    /// Whether the page that names the recipient was seen.
    let isConfirmed: Bool

    /// - Throws: ``RequestFault/malformed`` without a version; the page always sends one.
    init(_ fields: FormFields) throws(RequestFault) {
        text = fields.text("note")
        visibility = fields.text("visibility").flatMap { Visibility(rawValue: $0) } ?? .internal
        version = try fields.version()
        isConfirmed = fields.text("confirm") == "yes"
    }

    /// What is wrong with the note, beside its own form.
    func fault(_ refusal: Refusal) -> FormFault? {
        guard case .field("note", let fault) = refusal else { return nil }
        return FormFault([Web.FieldFault(NotePanel.id(visibility), "staff.note.\(fault.word)")])
    }

    static var keys: [String] {
        ["missing", "too-long", "unreadable", "too-short", "not-offered"].map { "staff.note.\($0)" }
    }
}

extension FormFields {
    /// The version of the case that the page showed.
    ///
    /// - Throws: ``RequestFault/malformed`` when it is missing: our pages send it with every change.
    func version() throws(RequestFault) -> Int64 {
        guard let version = text("version").flatMap({ Int64($0) }) else { throw .malformed }
        return version
    }
}

import RefundDesk
import RefundDomain
import Words

/// A file as lists name it: kind, type and size, never its own name or content.
struct ProofLine: Sendable {
    let id: String
    let kind: String
    /// `JPEG · 1.2 MB`.
    let about: String
    /// When it was uploaded; nil on pages where that says nothing.
    let when: String?

    static let sample = ProofLine(id: "p", kind: "小票", about: "JPEG · 1.2 MB", when: "11 月 22 日 09:10")

    init(id: String, kind: String, about: String, when: String?) {
        self.id = id
        self.kind = kind
        self.about = about
        self.when = when
    }

    /// A file of a draft.
    init(_ item: RefundDesk.ProofItem, _ phrases: Phrases) {
        self.init(
            id: item.id, kind: ProofLine.name(item.kind, phrases), about: ProofLine.about(item.mediaType, item.bytes),
            when: nil)
    }

    /// A file of a case that was sent.
    init(_ proof: OwnCase.Proof, when: String, _ phrases: Phrases) {
        self.init(
            id: proof.id, kind: ProofLine.name(proof.kind, phrases),
            about: ProofLine.about(proof.mediaType, proof.bytes), when: when)
    }

    private static func name(_ kind: ProofKind, _ phrases: Phrases) -> String {
        phrases.text("\(ProofUpload.prefix).kind.\(kind.rawValue)")
    }

    private static func about(_ mediaType: String, _ bytes: Int64) -> String {
        "\(type(mediaType)) · \(size(bytes))"
    }

    private static func type(_ mediaType: String) -> String {
        (mediaType.split(separator: "/").last.map(String.init) ?? mediaType).uppercased()
    }

    /// Kilobytes below a megabyte, then megabytes with one decimal; 1 MB is 1,048,576 bytes, as people's phones say.
    static func size(_ bytes: Int64) -> String {
        guard bytes >= 1_048_576 else { return "\(max(1, (bytes + 1023) / 1024)) KB" }
        let tenths = (bytes * 10 + 524_288) / 1_048_576
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}

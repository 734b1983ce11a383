/// A note on a case for staff: `shared/note`. Internal and public notes differ in colour, icon, label and words.
public struct Note: Sendable, Hashable {
    /// Who can read a note.
    public enum Audience: Sendable, Hashable {
        case staffOnly
        case cardholderToo
    }

    public let text: String
    public let who: String
    public let when: String
    public let isInternal: Bool
    /// `note--internal` or `note--public`.
    public let style: String

    public init(_ text: String, for audience: Audience, who: String, when: String) {
        self.text = text
        self.who = who
        self.when = when
        isInternal = audience == .staffOnly
        style = isInternal ? "note--internal" : "note--public"
    }

    public static let sample = Note("已电话核实。", for: .staffOnly, who: "陈（客服）", when: "11 月 22 日 10:15")
}

/// A small word for a state, in a table or beside a heading: `shared/tag`.
public struct StateTag: Sendable, Hashable {
    public let text: String
    public let tone: String

    public init(_ text: String, _ tone: Tone = .calm) {
        self.text = text
        self.tone = tone.rawValue
    }

    public static let sample = StateTag("等待商户", .turn)
}

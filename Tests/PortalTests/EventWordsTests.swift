import Foundation
import RefundDesk
import RefundDomain
import TestSupport
import Testing
import Words

@testable import Portal

/// Whatever the desk writes into its record has words for those who read it, or stands in a closed list of what they
/// are not told.
@Suite struct EventWordsTests {
    private static let things: Set<String> = [
        "account", "bank", "bank-answer", "batch", "calendar", "capabilities", "case", "channel", "destination",
        "difference", "enquiry", "invitation", "issuers", "joint", "merchant", "movement", "note", "offer", "order",
        "payment",
        "payments",
        "policy", "proof", "refunds", "staff", "terminal",
    ]

    /// Every kind of event in the verbs' texts, with the states of movements and the kinds of enquiries written out.
    private static let written: Set<String> = {
        let folder = "\(RepositoryFolder.path)/Sources/RefundDesk/Verbs"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var kinds: Set<String> = []
        for file in files.filter({ $0.hasSuffix(".swift") }) {
            let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") where !line.contains("///") {
                kinds.formUnion(line.split(separator: "\"").map(String.init).filter(isKind))
            }
        }
        kinds.formUnion(Movement.State.allCases.map { "movement.\($0.rawValue)" })
        kinds.formUnion(EnquiryKind.allCases.map { "enquiry.\($0.rawValue)" })
        return kinds
    }()

    private static func isKind(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last, things.contains(String(first)) else {
            return false
        }
        // Columns of SQL are no events: they stand in statements of several lines, without quotes.
        return !last.isEmpty && last.allSatisfy { $0.isLowercase || $0 == "-" || $0 == "_" }
    }

    @Test(arguments: Language.allCases)
    func everyEventHasWordsForItsReaders(_ language: Language) throws {
        #expect(EventWordsTests.written.count > 50, "the verbs are read")
        let phrases = try Vocabulary.load(folder: "\(RepositoryFolder.path)/templates/words")[language]
        let told = Set(OwnRails.decisions + OwnRails.moves)
        for kind in EventWordsTests.written.subtracting(EventWords.elsewhere).sorted() {
            #expect(EventWords.known.contains(kind), "staff have no words for \(kind)")
            #expect(phrases.pattern("staff.event.\(kind)") != nil, "\(kind)")
            #expect(told.contains(kind) != OwnRails.untold.contains(kind), "the cardholder and \(kind)")
            if told.contains(kind) { #expect(phrases.pattern("cardholder.rail.\(kind)") != nil, "\(kind)") }
        }
        let unknown = EventWords.elsewhere.union(OwnRails.untold).subtracting(EventWordsTests.written)
        #expect(unknown == [], "nothing writes these any more")
    }
}

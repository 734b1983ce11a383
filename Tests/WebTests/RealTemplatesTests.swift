import Foundation
import Testing
import Web
import Words

/// The repository's own templates, words and assets.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func pages() throws -> Pages {
        let assets = try Assets.load(folder: "\(root)/Public")
        let vocabulary = try Vocabulary.load(folder: "\(root)/templates/words")
        let templates = try Templates.load(
            folder: "\(root)/templates", vocabulary: vocabulary, assetAddress: assets.address)
        return Pages(templates: templates, vocabulary: vocabulary)
    }
}

/// A page that shows every shared part, and the pictures of the design are taken from.
struct GalleryView: View {
    static let template = "gallery"
    static let sample = GalleryView(
        frame: .sample, problems: .sample, field: .sample, area: .sample, choices: .sample, slip: .sample,
        sums: .sample, rails: .sample, note: .sample, tag: .sample)

    let frame: Frame
    let problems: Problems?
    let field: TextField
    let area: TextArea
    let choices: Choices
    let slip: Slip
    let sums: Sums
    let rails: Rails
    let note: Note
    let tag: StateTag

    static let page = """
        {{<layout}}{{$main}}
        {{#problems}}{{> shared/problems}}{{/problems}}
        {{#slip}}{{> shared/slip}}{{/slip}}{{#sums}}{{> shared/sums}}{{/sums}}{{#rails}}{{> shared/rails}}{{/rails}}
        {{#field}}{{> shared/field}}{{/field}}{{#area}}{{> shared/text-area}}{{/area}}
        {{#choices}}{{> shared/choices}}{{/choices}}{{#note}}{{> shared/note}}{{/note}}{{#tag}}{{> shared/tag}}{{/tag}}
        {{/main}}{{/layout}}
        """
}

struct StaffGalleryView: View {
    static let template = "staff-gallery"
    static let sample = StaffGalleryView(frame: .sample)
    let frame: StaffFrame
    static let page = "{{<staff-layout}}{{$main}}<h1>x</h1>{{/main}}{{/staff-layout}}"
}

@Suite struct RealTemplatesTests {
    @Test func everySharedPartIsFullyResolvedByItsSample() throws {
        var sources: [String: String] = [:]
        let folder = "\(Repository.root)/templates"
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder) where file.hasSuffix(".mustache") {
            sources[String(file.dropLast(9))] = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        }
        sources[GalleryView.template] = GalleryView.page
        sources[StaffGalleryView.template] = StaffGalleryView.page
        let vocabulary = try Vocabulary.load(folder: "\(folder)/words")
        let templates = try Templates(sources: sources, vocabulary: vocabulary, assetAddress: { "/assets/x/\($0)" })
        try templates.check([GalleryView.self, StaffGalleryView.self, ErrorView.self])
        let page = try templates.render(GalleryView.sample, in: .zhHans)
        #expect(page.contains("最多 ¥60.00"))
        #expect(!page.contains("[["))
    }

    @Test func theErrorPageHasItsWordsInBothLanguages() throws {
        let pages = try Repository.pages()
        try pages.templates.check([ErrorView.self])
        try pages.vocabulary.require(ErrorView.keys)
    }
}

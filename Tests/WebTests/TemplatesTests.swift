import Testing
import Web
import Words

private struct Row: Sendable {
    let name: String
    let note: String?
}

private struct ListView: View {
    static let template = "list"
    static let sample = ListView(title: "t", note: "n", isOpen: true, rows: [Row(name: "a", note: "b")])
    let title: String
    let note: String?
    let isOpen: Bool
    let rows: [Row]
}

private struct EmptyListView: View {
    static let template = "list"
    static let sample = EmptyListView(title: "t", rows: [])
    let title: String
    let rows: [Row]
}

@Suite struct TemplatesTests {
    private func templates(
        _ page: String, others: [String: String] = [:], words: [String: String] = ["hello": "A & {title}"]
    ) throws -> Templates {
        let vocabulary = try Vocabulary(chinese: words, english: words)
        return try Templates(
            sources: others.merging(["list": page]) { $1 }, vocabulary: vocabulary,
            assetAddress: { $0 == "a.css" ? "/assets/1/a.css" : nil })
    }

    private func rendered(_ page: String, _ view: ListView = .sample) throws -> String {
        let templates = try templates(page)
        try templates.check([ListView.self])
        return try templates.render(view, in: .en)
    }

    @Test func wordsAndAssetsAreInPlaceAndEscaped() throws {
        #expect(try rendered("<p>[[hello]]</p>") == "<p>A &amp; t</p>\n")
        #expect(try rendered("[[asset:a.css]]") == "/assets/1/a.css\n")
    }

    @Test func whatPeopleTypedIsEscapedAndNeverATemplate() throws {
        let text = "<script>'\"&{{title}}[[hello]]"
        let page = try rendered(
            "<b title=\"{{title}}\">{{title}}</b>", ListView(title: text, note: nil, isOpen: true, rows: []))
        let escaped = "&lt;script&gt;&#39;&quot;&amp;{{title}}[[hello]]"
        #expect(page == "<b title=\"\(escaped)\">\(escaped)</b>\n")
    }

    @Test func aRowsMissingTextIsNotTakenFromThePage() throws {
        let view = ListView(title: "t", note: "page's", isOpen: false, rows: [Row(name: "a", note: nil)])
        #expect(try rendered("{{#rows}}{{.name}}{{#.note}}!{{.}}{{/.note}}{{/rows}}", view) == "a\n")
    }

    @Test func layoutsAndPartialsWork() throws {
        let templates = try templates(
            "{{<layout}}{{$main}}{{#rows}}{{> parts/row}}{{/rows}}{{/main}}{{/layout}}",
            others: ["layout": "<main>{{$main}}none{{/main}}</main>", "parts/row": "  <i>{{.name}}</i>"])
        try templates.check([ListView.self])
        let page = try templates.render(ListView.sample, in: .en)
        #expect(page.filter { $0 != "\n" } == "<main><i>a</i></main>")
    }

    @Test(arguments: [
        ("{{titel}}", "{{titel}} is not in the view"), ("{{#rows}}{{names}}{{/rows}}", "{{names}} is not in the view"),
        ("{{#rows}}{{.title}}{{/rows}}", "{{.title}} is not in the view"),
        ("{{^gone}}x{{/gone}}", "{{gone}} is not in the view"),
        ("{{> nowhere}}", "there is no template nowhere"), ("{{title.first}}", "{{title.first}} is not in the view"),
        ("{{rows}}", "{{rows}} is not a text"), ("{{isOpen}}", "{{isOpen}} is not a text"),
        ("{{<list2}}{{$main}}{{titel}}{{/main}}{{/list2}}", "{{titel}} is not in the view"),
        ("{{> loop}}", "partials are nested too deeply"),
    ])
    func aTagThatResolvesToNothingStopsTheStart(page: String, fault: String) throws {
        let others = ["list2": "{{$main}}{{/main}}", "loop": "{{> loop}}"]
        let templates = try templates(page, others: others)
        #expect(throws: TemplateFault.wrongTags(["list: \(fault)"])) { try templates.check([ListView.self]) }
    }

    @Test func anEmptyListInASampleIsRefused() throws {
        let templates = try templates("{{#rows}}{{.nonsense}}{{/rows}}")
        #expect(throws: TemplateFault.wrongTags(["list: the sample's list rows is empty"])) {
            try templates.check([EmptyListView.self])
        }
    }

    @Test(arguments: [
        "{{{title}}}", "{{&title}}", "{{=<% %>=}}", "{{upper(title)}}", "{{> *title}}x{{", "{{#rows}}", "{{/rows}}",
        "{{#a}}{{/b}}", "{{", "[[hello",
    ])
    func whatTheTemplatesMustNotUseIsRefused(page: String) {
        #expect(throws: TemplateFault.self) { try templates(page) }
    }

    @Test func anUnknownWordOrAssetStopsTheStart() {
        #expect(throws: TemplateFault.unknownWord(template: "list", key: "bye")) { try templates("[[bye]]") }
        #expect(throws: TemplateFault.unknownWord(template: "list", key: "asset:b.css")) {
            try templates("[[asset:b.css]]")
        }
        #expect(throws: TemplateFault.unknownWord(template: "list", key: "files")) {
            try templates("[[files]]", words: ["files": "{count, file|files}"])
        }
        #expect(throws: TemplateFault.noFolder("/nowhere")) {
            try Templates.load(folder: "/nowhere", vocabulary: Vocabulary(chinese: [:], english: [:]))
        }
    }
}

import Foundation
import Mustache
public import Words

/// Why the templates cannot be used. The server does not start with one of these.
public enum TemplateFault: Error, Sendable, Hashable, CustomStringConvertible {
    case noFolder(String)
    /// A `[[key]]` without a text, or an `[[asset:name]]` without a file.
    case unknownWord(template: String, key: String)
    case unreadable(template: String, reason: String)
    /// What ``Templates/check(_:)`` found, one line each.
    case wrongTags([String])

    public var description: String {
        switch self {
        case .noFolder(let folder): "templates: no templates in \(folder)"
        case .unknownWord(let template, let key): "templates: \(template) uses [[\(key)]], which does not exist"
        case .unreadable(let template, let reason): "templates: \(template): \(reason)"
        case .wrongTags(let faults): "templates: " + faults.joined(separator: "; ")
        }
    }
}

/// Every page in every language, parsed once at start.
///
/// Fixed words are in place before parsing: `[[key]]` is the escaped text of that key, with its placeholders as tags of
/// the same names, and `[[asset:css/portal.css]]` is the address of an asset.
public struct Templates: Sendable {
    private let libraries: [Language: MustacheLibrary]
    private let check: TemplateCheck

    /// Reads every `.mustache` file below a folder.
    ///
    /// - Parameter assetAddress: The address of an asset by its name, nil when there is none.
    public static func load(
        folder: String, vocabulary: Vocabulary, assetAddress: (String) -> String? = { _ in nil }
    ) throws(TemplateFault) -> Templates {
        try Templates(sources: sources(folder), vocabulary: vocabulary, assetAddress: assetAddress)
    }

    /// Templates from texts by name.
    public init(
        sources: [String: String], vocabulary: Vocabulary, assetAddress: (String) -> String? = { _ in nil }
    ) throws(TemplateFault) {
        MustacheContentTypes.register(FastHTML(), named: FastHTML.name)
        var libraries: [Language: MustacheLibrary] = [:]
        var tags: [String: [Tag]] = [:]
        for language in Language.allCases {
            var library = MustacheLibrary()
            for (name, source) in sources {
                let page = try Templates.worded(source, name, vocabulary[language], assetAddress)
                do {
                    tags[name] = try TagReader.tags(of: page)
                    try library.register("{{% CONTENT_TYPE:\(FastHTML.name)}}\n" + page, named: name)
                } catch {
                    throw .unreadable(template: name, reason: "\(error)")
                }
            }
            libraries[language] = library
        }
        self.libraries = libraries
        check = TemplateCheck(tagsByTemplate: tags)
    }

    /// Checks that each view's template exists and that the view's sample has every tag of it.
    public func check(_ views: [any View.Type]) throws(TemplateFault) {
        let faults = views.flatMap { check.faults(of: $0) }
        guard faults.isEmpty else { throw .wrongTags(faults) }
    }

    /// The page of a view in a language.
    ///
    /// - Throws: ``TemplateFault`` when the view was never checked and has no template.
    public func render<V: View>(_ view: V, in language: Language) throws(TemplateFault) -> String {
        guard let page = libraries[language]?.render(view, withTemplate: V.template) else {
            throw .unreadable(template: V.template, reason: "there is no such template")
        }
        return page
    }

    private static func sources(_ folder: String) throws(TemplateFault) -> [String: String] {
        let suffix = ".mustache"
        var sources: [String: String] = [:]
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            guard path.hasSuffix(suffix) else { continue }
            let name = String(path.dropLast(suffix.count))
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)"),
                let text = String(validating: data, as: UTF8.self)
            else { throw .unreadable(template: name, reason: "it is not UTF-8") }
            sources[name] = text
        }
        guard !sources.isEmpty else { throw .noFolder(folder) }
        return sources
    }

    /// The source with its fixed words in place and without indentation, which Mustache would copy into every partial.
    private static func worded(
        _ source: String, _ name: String, _ phrases: Phrases, _ assetAddress: (String) -> String?
    ) throws(TemplateFault) -> String {
        var result = ""
        let lines = source.split(separator: "\n", omittingEmptySubsequences: true)
        var rest = lines.map { $0.drop { $0 == " " } }.joined(separator: "\n")[...]
        while let open = rest.range(of: "[[") {
            result += rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].range(of: "]]") else {
                throw .unreadable(template: name, reason: "[[ without ]]")
            }
            let key = String(rest[open.upperBound..<close.lowerBound])
            guard let text = replacement(key, phrases, assetAddress) else {
                throw .unknownWord(template: name, key: key)
            }
            result += text
            rest = rest[close.upperBound...]
        }
        return result + rest + "\n"
    }

    private static func replacement(
        _ key: String, _ phrases: Phrases, _ assetAddress: (String) -> String?
    ) -> String? {
        let assetMark = "asset:"
        guard !key.hasPrefix(assetMark) else {
            return assetAddress(String(key.dropFirst(assetMark.count))).map(HTMLText.escaped)
        }
        guard let pattern = phrases.pattern(key) else { return nil }
        var text = ""
        for piece in pattern.pieces {
            switch piece {
            case .words(let words): text += HTMLText.escaped(words)
            case .value(let name): text += "{{\(name)}}"
            // A form depends on a number, which a template cannot decide: such texts are filled in Swift.
            case .form: return nil
            }
        }
        return text
    }
}

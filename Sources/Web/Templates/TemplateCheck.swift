/// Resolves every tag of a template against its view's sample, as Mustache would at rendering.
///
/// Mustache renders a misspelt tag as nothing; here it is a fault that stops the start.
struct TemplateCheck {
    let tagsByTemplate: [String: [Tag]]
    /// How deeply partials, parents and sections may be nested.
    private static let depthMax = 32

    /// The faults of one view's template, in the order of the page.
    func faults(of view: any View.Type) -> [String] {
        guard let tags = tagsByTemplate[view.template] else { return ["\(view.template): there is no such template"] }
        var walk = Walk(check: self, page: view.template)
        walk.visit(tags, stack: [Shape(view.sample)], blocks: [:], depth: 0)
        return walk.faults
    }

    private struct Walk {
        let check: TemplateCheck
        let page: String
        var faults: [String] = []

        mutating func visit(_ tags: [Tag], stack: [Shape], blocks: [String: [Tag]], depth: Int) {
            guard depth < TemplateCheck.depthMax else {
                faults.append("\(page): partials are nested too deeply")
                return
            }
            for tag in tags { visit(tag, stack: stack, blocks: blocks, depth: depth) }
        }

        private mutating func visit(_ tag: Tag, stack: [Shape], blocks: [String: [Tag]], depth: Int) {
            switch tag {
            case .variable(let name):
                if let shape = shape(name, stack), !shape.isText { faults.append("\(page): {{\(name)}} is not a text") }
            case .section(let name, let inside):
                guard let shape = shape(name, stack) else { return }
                let inner = shape.isFlag ? stack : stack + [shape.element]
                guard !shape.isEmptyList else {
                    faults.append("\(page): the sample's list \(name) is empty")
                    return
                }
                visit(inside, stack: inner, blocks: blocks, depth: depth + 1)
            case .inverted(let name, let inside):
                _ = shape(name, stack)
                visit(inside, stack: stack, blocks: blocks, depth: depth + 1)
            case .partial(let name):
                visit(template(name), stack: stack, blocks: blocks, depth: depth + 1)
            case .parent(let name, let own):
                let merged = blocks.merging(own) { outer, _ in outer }
                visit(template(name), stack: stack, blocks: merged, depth: depth + 1)
            case .block(let name, let standard):
                visit(blocks[name] ?? standard, stack: stack, blocks: blocks, depth: depth + 1)
            }
        }

        private mutating func template(_ name: String) -> [Tag] {
            guard let tags = check.tagsByTemplate[name] else {
                faults.append("\(page): there is no template \(name)")
                return []
            }
            return tags
        }

        /// What a name means at this place; nil, with a fault noted, when nothing has it or the sample leaves it out.
        private mutating func shape(_ name: String, _ stack: [Shape]) -> Shape? {
            if name == "." { return stack.last }
            let path = name.split(separator: ".").map(String.init)
            guard let first = path.first else { return nil }
            let holders = name.hasPrefix(".") ? stack.suffix(1) : stack[...]
            guard var found = holders.reversed().lazy.compactMap({ $0.child(first) }).first else {
                faults.append("\(page): {{\(name)}} is not in the view")
                return nil
            }
            for part in path.dropFirst() {
                guard let next = found.child(part) else {
                    faults.append("\(page): {{\(name)}} is not in the view")
                    return nil
                }
                found = next
            }
            if found.isAbsent { faults.append("\(page): the sample leaves \(name) out") }
            return found.isAbsent ? nil : found
        }
    }
}

/// A value of a sample as a template sees it. The rows of a list are one shape: what one leaves out another may have.
private struct Shape {
    private let values: [Any]

    init(_ value: Any) {
        self.init(values: [value])
    }

    private init(values: [Any]) {
        self.values = values.compactMap { value in
            let mirror = Mirror(reflecting: value)
            guard mirror.displayStyle == .optional else { return value }
            // A text that is left out is still known to be a text.
            return mirror.children.first?.value ?? (mirror.subjectType == String?.self ? "" : nil)
        }
    }

    var isText: Bool { values.allSatisfy { $0 is String || $0 is Int || $0 is Int64 } }
    var isFlag: Bool { values.allSatisfy { $0 is Bool } }
    var isAbsent: Bool { values.isEmpty }
    var isEmptyList: Bool { isList && element.isAbsent }

    private var isList: Bool { values.allSatisfy { Mirror(reflecting: $0).displayStyle == .collection } }

    /// The rows of a list, the value itself otherwise.
    var element: Shape {
        isList ? Shape(values: values.flatMap { Mirror(reflecting: $0).children.map(\.value) }) : self
    }

    func child(_ name: String) -> Shape? {
        let found = values.flatMap { Mirror(reflecting: $0).children.filter { $0.label == name }.map(\.value) }
        return found.isEmpty ? nil : Shape(values: found)
    }
}

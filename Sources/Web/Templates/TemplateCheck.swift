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
                if shape.isEmptyList { faults.append("\(page): the sample's list \(name) is empty") }
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

/// A value of a sample as a template sees it.
private struct Shape {
    private let value: Any
    private let mirror: Mirror

    init(_ value: Any) {
        let mirror = Mirror(reflecting: value)
        let inside = mirror.displayStyle == .optional ? mirror.children.first?.value : nil
        self.value = inside ?? value
        self.mirror = inside.map { Mirror(reflecting: $0) } ?? mirror
    }

    var isText: Bool { value is String || value is Int || value is Int64 }
    var isFlag: Bool { value is Bool }
    var isAbsent: Bool { mirror.displayStyle == .optional }
    var isEmptyList: Bool { mirror.displayStyle == .collection && mirror.children.isEmpty }

    /// The first element of a list, the value itself otherwise.
    var element: Shape {
        guard mirror.displayStyle == .collection, let first = mirror.children.first else { return self }
        return Shape(first.value)
    }

    func child(_ name: String) -> Shape? {
        mirror.children.first { $0.label == name }.map { Shape($0.value) }
    }
}

/// What is wrong with one field: the words' key and values, so that the page can say it in its language.
public struct FieldFault: Error, Sendable, Hashable {
    /// The field's name, which is also the id of its control.
    public let field: String
    /// The key of the sentence in the word files.
    public let key: String
    /// The values of the sentence's placeholders.
    public let values: [String: String]

    public init(_ field: String, _ key: String, _ values: [String: String] = [:]) {
        self.field = field
        self.key = key
        self.values = values
    }
}

/// What is wrong with a form: at most one fault for each field, in the order of the page. Answered by 422.
public struct FormFault: Error, Sendable, Hashable {
    public let faults: [FieldFault]

    public init(_ faults: [FieldFault]) {
        var seen: Set<String> = []
        self.faults = faults.filter { seen.insert($0.field).inserted }
    }

    /// The fault of a field.
    public subscript(field: String) -> FieldFault? {
        faults.first { $0.field == field }
    }
}

/// What a page shows, as finished text: the values of one template's tags.
///
/// A view is a flat struct of stored `String`, `String?`, `Bool`, nested structs and arrays of structs. What is absent
/// is nil, never an empty text. Only stored properties are seen by the template.
public protocol View: Sendable {
    /// The template's name: its path below `templates/` without the extension, for example `cardholder/find`.
    static var template: String { get }
    /// A view with every optional filled and at least one element in every list, for checking the template's tags.
    static var sample: Self { get }
}

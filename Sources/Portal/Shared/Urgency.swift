import HTTPTypes
import Hummingbird

/// What can wait while more is asked of a server than it can do: files and lists first, then searches, uploads and new
/// requests; the pages of cases that are under way last, and what channels send never.
enum Urgency: CaseIterable {
    case export, search, upload, newRequest, page, machine

    /// With so many others under way it is refused; nil when it never is.
    var ceiling: Int? {
        switch self {
        case .export: 128
        case .search: 160
        case .upload: 192
        case .newRequest: 224
        case .page: 256
        case .machine: nil
        }
    }

    /// The urgency of a request by its method and address.
    init(_ method: HTTPRequest.Method, _ path: String) {
        let parts = path.split(separator: "/")
        if Paths.machinePrefixes.contains(where: { path.hasPrefix($0) }) {
            self = .machine
        } else if method == .post, parts.last == "proof" || parts.last == "answers" || parts.contains("behalf") {
            self = .upload
        } else if parts.contains("file") || parts.last == "record"
            || ["proof", "pages"].contains(parts.dropLast().last)
        {
            self = .export
        } else if [Paths.supportCases, Paths.merchantQueue, Paths.supportQueue].contains(path) {
            self = .search
        } else if parts.first == "find" || parts.first == "request" || parts.first == "r" {
            self = .newRequest
        } else {
            self = .page
        }
    }
}

import HTTPTypes
import Hummingbird
import RefundDomain

/// A staff page of ours that somebody goes to after signing in; never an address on another host.
struct Destination: Sendable, Hashable {
    /// The field that carries it through the sign-in pages.
    static let field = "next"
    /// The longest address that is carried along, in bytes.
    private static let bytesMax = 1000

    let address: String

    /// Reads an address that came with a request; nil unless it is the path of a staff page with an optional query.
    init?(_ text: String?) {
        guard let text, text.utf8.count <= Destination.bytesMax, text.utf8.allSatisfy(Destination.isPlain) else {
            return nil
        }
        let path = text.prefix { $0 != "?" }
        guard Destination.isOurs(path) else { return nil }
        address = text
    }

    /// Whether a path is one of a staff page and of nothing else.
    static func isOurs(_ path: some StringProtocol) -> Bool {
        let folders = ["/merchant/", "/support/", "\(Paths.staffAccount)/"]
        return (path == Paths.staffAccount || folders.contains { path.hasPrefix($0) }) && !path.contains("//")
            && path.utf8.allSatisfy(isPlain) && !path.contains("?") && !path.split(separator: "/").contains("..")
    }

    /// The page that a form stands on, by the form's own address.
    init?(form path: String) {
        self.init("/" + path.split(separator: "/").dropLast().joined(separator: "/"))
    }

    /// Where a request was going: the page itself, or for a form the page that it stands on.
    init?(of request: Request) {
        guard request.method == .get || request.method == .head else {
            self.init(form: request.uri.path)
            return
        }
        let query = request.uri.query.map { $0.isEmpty ? "" : "?\($0)" } ?? ""
        self.init(request.uri.path + query)
    }

    private init(known address: String) {
        self.address = address
    }

    /// The first page of a role.
    static func home(of role: Role) -> Destination {
        if role == .merchantAdmin { return Destination(known: Paths.merchantPolicy) }
        if role == .operatorAdmin { return Destination(known: Paths.supportPeople) }
        if role.isOfMerchant { return Destination(known: Paths.merchantQueue) }
        return Destination(known: role.seesSupportDesk ? Paths.supportCases : Paths.staffHome)
    }

    /// What RFC 3986 lets stand in a path and a query, without what could end a header or begin a host.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "-._~/?=&%+@:,!".utf8.contains(byte)
        }
    }
}

/// The addresses of the sign-in pages with where to go afterwards.
enum SignInAddress {
    static func address(backTo destination: Destination?) -> String {
        Paths.staffSignIn + query(destination)
    }

    static func recovery(backTo destination: Destination?) -> String {
        Paths.staffRecovery + query(destination)
    }

    static func code(backTo destination: Destination?) -> String {
        Paths.staffCode + query(destination)
    }

    private static func query(_ destination: Destination?) -> String {
        destination.map { "?\(Destination.field)=\(QueryText.encoded($0.address))" } ?? ""
    }
}

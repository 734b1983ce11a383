import HTTPTypes
public import Hummingbird

/// Writes and reads the portal's cookies, all of the same kind: for this host only, out of reach of scripts, gone with
/// the browser's session.
public struct Cookies: Sendable {
    /// From which pages a browser sends a cookie back (RFC 6265bis, 4.1.2.7).
    public enum SameSite: String, Sendable {
        /// Also when a link on another page is followed: cardholders come from messages.
        case lax = "Lax"
        /// Only from our own pages: staff.
        case strict = "Strict"
    }

    private let isSecure: Bool

    /// - Parameter isSecure: Whether people reach the portal by https.
    public init(isSecure: Bool) {
        self.isSecure = isSecure
    }

    /// Adds a cookie to an answer. The value must be of letters, digits, `-`, `_`, `.` and `~`.
    public func set(_ name: String, to value: String, sameSite: SameSite, on response: inout Response) {
        guard Cookies.isValue(value) else { return }
        add("\(fullName(name))=\(value)", sameSite, to: &response)
    }

    /// Makes the browser forget a cookie.
    public func remove(_ name: String, sameSite: SameSite, on response: inout Response) {
        add("\(fullName(name))=; Max-Age=0", sameSite, to: &response)
    }

    /// The value of a cookie; nil when it is missing, sent twice or not of the form that we write.
    public func value(_ name: String, of request: Request) -> String? {
        let wanted = fullName(name)
        var found: String?
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let sides = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2, sides.first.map({ $0 == wanted }) == true, let value = sides.last else {
                    continue
                }
                guard found == nil, Cookies.isValue(value) else { return nil }
                found = String(value)
            }
        }
        return found
    }

    private func fullName(_ name: String) -> String { isSecure ? "__Host-\(name)" : name }

    private func add(_ cookie: String, _ sameSite: SameSite, to response: inout Response) {
        let secure = isSecure ? "; Secure" : ""
        let line = "\(cookie); Path=/\(secure); HttpOnly; SameSite=\(sameSite.rawValue)"
        response.headers.append(HTTPField(name: .setCookie, value: line))
    }

    private static func isValue(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "-_.~".utf8.contains(byte)
                }
            }
    }
}

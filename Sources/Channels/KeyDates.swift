public import RefundDomain
import Vault

/// When a certificate among an account's settings begins and ends.
public struct KeyDates: Sendable, Hashable {
    /// The key of the settings that it stands under, for example `certificate_pem`.
    public let setting: String
    /// Whom it names, or else its serial number.
    public let name: String
    public let begins: Moment
    public let ends: Moment
    /// Whether nothing can be sent, or no answer believed, when all certificates of the setting have ended.
    public let isNeeded: Bool

    /// Days before the end at which people are warned, and then more urgently each time.
    public static let warningDays: [Int64] = [60, 30, 7]

    private static let secondsOfDay: Int64 = 86_400

    /// Whole days until the end; below 0 after it.
    public func daysLeft(at now: Moment) -> Int64 {
        let seconds = ends.seconds - now.seconds
        return seconds >= 0 ? seconds / Self.secondsOfDay : -1
    }

    /// The smallest of ``warningDays`` that the end has come within; nil while there is time.
    public func warning(at now: Moment) -> Int64? {
        let left = daysLeft(at: now)
        return Self.warningDays.last { left < $0 }
    }

    /// Whether it counts now.
    public func isValid(at now: Moment) -> Bool { begins <= now && now <= ends }
}

extension ChannelBook {
    /// Settings that hold certificates, beside every one whose name ends like this.
    private static let certificateSuffixes = ["certificate_pem", "certificates_pem", "cert_pem"]
    /// A keystore with its password.
    private static let keystore = (file: "pfx_base64", password: "pfx_password")

    /// The dates of all certificates in an account's settings, the first to end first; empty when there are none.
    public static func keyDates(settings: [UInt8]) -> [KeyDates] {
        guard let json = StrictJSON(settings), case .object(let members) = json else { return [] }
        var dates: [KeyDates] = []
        for (setting, value) in members {
            guard let text = value.text else { continue }
            if certificateSuffixes.contains(where: setting.hasSuffix) {
                let isNeeded = !isSpare(setting, beside: members)
                let list = (try? Certificate.readable(pem: text)) ?? []
                dates += list.map { KeyDates($0, setting, isNeeded: isNeeded) }
            } else if setting == keystore.file, let bytes = Base64.decode(text) {
                let password = Secret(members[keystore.password]?.text ?? "")
                guard let file = try? PKCS12(bytes, password: password) else { continue }
                dates.append(KeyDates(file.certificate, setting, isNeeded: true))
            }
        }
        return dates.sorted { ($0.ends, $0.setting, $0.name) < ($1.ends, $1.setting, $1.name) }
    }

    /// Why an account's certificates cannot be used now; nil when they can.
    ///
    /// Of a list one valid certificate is enough, since two stand side by side while a channel changes them.
    public static func outdated(settings: [UInt8], at now: Moment) -> AccountFault? {
        let needed = Dictionary(grouping: keyDates(settings: settings).filter(\.isNeeded), by: \.setting)
        for (setting, dates) in needed.sorted(by: { $0.key < $1.key })
        where !dates.contains(where: { $0.isValid(at: now) }) {
            guard let last = dates.last else { continue }
            let isEarly = now < last.begins
            let day = LocalTime(isEarly ? last.begins : last.ends, secondsAheadOfUTC: 0).day.iso
            let problem = isEarly ? "counts from \(day) only; is this machine's clock right?" : "ended on \(day)"
            return AccountFault(key: setting, problem: problem)
        }
        return nil
    }

    /// Whether something else of the settings does the same work: WeChat Pay's public key, or the certificate of
    /// answers where notices have one of their own.
    private static func isSpare(_ setting: String, beside members: [String: StrictJSON]) -> Bool {
        (setting == "platform_certificates_pem" && members["public_key_pem"] != nil)
            || setting == "notice_certificate_pem"
    }
}

extension KeyDates {
    fileprivate init(_ certificate: Certificate, _ setting: String, isNeeded: Bool) {
        self.init(
            setting: setting, name: certificate.subjectCommonName ?? certificate.serialHex,
            begins: Moment(milliseconds: certificate.notBefore * 1000),
            ends: Moment(milliseconds: certificate.notAfter * 1000), isNeeded: isNeeded)
    }
}

import RefundDomain
import Vault

extension Lakala {
    /// The certificates that Lakala signs with, each pinned as it is; two of a kind during a change.
    struct Trust: Sendable {
        private let platform: [Certificate]
        private let notices: [Certificate]

        /// Reads `platform_certificate_pem` and `notice_certificate_pem`; without the latter notices are signed like
        /// answers.
        init(_ fields: AccountFields, ownKey: Secret) throws(AccountFault) {
            let key = "platform_certificate_pem"
            let text = try fields.required(key, 1...Certificate.listBytesMax, .anything)
            platform = try Self.certificates(text, key, ownKey)
            guard let text = try fields.text("notice_certificate_pem", 1...Certificate.listBytesMax, .anything) else {
                notices = platform
                return
            }
            notices = try Self.certificates(text, "notice_certificate_pem", ownKey)
        }

        /// The key that an answer names by its certificate's serial number; nil for one that is not held or whose
        /// certificate is not valid now.
        func platformKey(named serial: String, at now: Moment) -> (any SignatureChecker)? {
            platform.first { Self.isSame($0.serialHex, serial) && $0.isValid(at: now) }?.publicKey
        }

        /// The keys that may have signed a notice, which names none.
        func noticeKeys(at now: Moment) -> [any SignatureChecker] {
            notices.filter { $0.isValid(at: now) }.compactMap(\.publicKey)
        }

        /// Serial numbers are numbers: zeros before them and the case of their digits count for nothing.
        private static func isSame(_ left: String, _ right: String) -> Bool {
            guard (1...64).contains(right.utf8.count), right.utf8.allSatisfy(isHexDigit) else { return false }
            return left.uppercased().drop { $0 == "0" } == right.uppercased().drop { $0 == "0" }
        }

        private static func isHexDigit(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
        }

        private static func certificates(
            _ text: String, _ key: String, _ ownKey: Secret
        ) throws(AccountFault) -> [Certificate] {
            let list = (try? Certificate.list(pem: text)) ?? []
            guard !list.isEmpty, list.allSatisfy({ $0.publicKey != nil }) else {
                throw AccountFault(key: key, problem: "is not one or more RSA certificates in PEM")
            }
            let own = try? RSAPrivateKey(pem: ownKey).publicKey().pem()
            guard !list.contains(where: { (try? $0.publicKey?.pem()) == own }) else {
                throw AccountFault(key: key, problem: "holds the merchant's own certificate; take Lakala's")
            }
            return list
        }
    }
}

extension Certificate {
    fileprivate func isValid(at now: Moment) -> Bool {
        notBefore <= now.seconds && now.seconds <= notAfter
    }
}

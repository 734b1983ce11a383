import RefundDomain
import Vault

extension UnionPay {
    /// Which certificates UnionPay's signatures count with.
    ///
    /// Each message brings the certificate that it is signed with. That certificate is worth nothing by itself, since
    /// anybody can make one: it must come from the pinned roots and be UnionPay's own.
    struct SignerRules: Sendable {
        private let chain: PinnedChain
        private let commonName: String?
        /// Whether the roots are those of UnionPay's test environment.
        let isForTests: Bool

        /// The third part of the subject's name: `041@…@中国银联股份有限公司@…`.
        private static let owner = "中国银联股份有限公司"

        init(_ fields: AccountFields) throws(AccountFault) {
            let roots = try Self.certificates(fields, "root_certificates_pem")
            let middles = try Self.certificates(fields, "middle_certificates_pem")
            chain = PinnedChain(
                roots: roots, middles: middles, allowsSHA1: try fields.flag("allow_sha1_certificates") ?? false)
            commonName = try fields.text("signer_common_name", 1...256, .anything)
            isForTests = roots.contains { $0.subjectCommonName?.contains("TEST") ?? false }
        }

        /// The key of a certificate that a message brings, if it may be believed now.
        ///
        /// The time is ours and not the message's: whoever found an old key could date a message as they please.
        func key(of text: String, at now: Moment) -> RSAPublicKey? {
            guard let certificate = try? Certificate(pem: text), let told = certificate.subjectCommonName,
                isOwner(told)
            else { return nil }
            do throws(ChainFault) { try chain.check(certificate, at: now.seconds) } catch { return nil }
            return certificate.publicKey
        }

        private func isOwner(_ told: String) -> Bool {
            if let commonName { return sameBytes(told, commonName) }
            let parts = told.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 4 && sameBytes(String(parts[2]), Self.owner)
        }

        private static func certificates(
            _ fields: AccountFields, _ key: String
        ) throws(AccountFault) -> [Certificate] {
            let text = try fields.required(key, 1...Certificate.listBytesMax, .anything)
            let list: [Certificate]
            do throws(VaultFault) { list = try Certificate.list(pem: text) } catch {
                guard case .unreadableKey(let reason) = error else {
                    throw AccountFault(key: key, problem: "cannot be read")
                }
                throw AccountFault(key: key, problem: "is not a list of certificates in PEM: \(reason)")
            }
            guard list.allSatisfy({ $0.isAuthority && $0.publicKey != nil }) else {
                throw AccountFault(key: key, problem: "holds a certificate that issues no others")
            }
            return list
        }
    }
}

import Vault

extension UnionPay {
    /// The merchant's key and the certificate that UnionPay knows it by.
    struct OwnCertificate: Sendable {
        let privateKey: RSAPrivateKey
        let certificate: Certificate

        /// Reads `pfx_base64` with `pfx_password`, or `private_key_pem` with `certificate_pem`.
        init(_ fields: AccountFields) throws(AccountFault) {
            let pfx = try fields.text("pfx_base64", 1...(PKCS12.bytesMax * 2), .anything)
            let pem = try fields.text("private_key_pem", 1...16_384, .anything)
            switch (pfx, pem) {
            case (let pfx?, nil): try self.init(pfx: pfx, fields)
            case (nil, let pem?): try self.init(pem: pem, fields)
            case (nil, nil):
                throw AccountFault(
                    key: "pfx_base64", problem: "is missing: it or private_key_pem with certificate_pem is needed")
            case (_?, _?):
                throw AccountFault(key: "private_key_pem", problem: "is one key too many beside pfx_base64")
            }
        }

        private init(pfx: String, _ fields: AccountFields) throws(AccountFault) {
            let password = try fields.required("pfx_password", 0...256, .anything)
            guard let bytes = Base64.decode(pfx) else {
                throw AccountFault(key: "pfx_base64", problem: "is not base64 without line ends")
            }
            do throws(PKCS12Fault) {
                let file = try PKCS12(bytes, password: Secret(password))
                privateKey = file.privateKey
                certificate = file.certificate
            } catch { throw Self.fault(error) }
        }

        private init(pem: String, _ fields: AccountFields) throws(AccountFault) {
            let text = try fields.required("certificate_pem", 1...16_384, .anything)
            do throws(VaultFault) { privateKey = try RSAPrivateKey(pem: Secret(pem)) } catch {
                throw AccountFault(key: "private_key_pem", problem: "is not an RSA private key in PEM")
            }
            do throws(VaultFault) { certificate = try Certificate(pem: text) } catch {
                throw AccountFault(key: "certificate_pem", problem: "is not a certificate in PEM")
            }
            guard let own = try? privateKey.publicKey().pem(), let theirs = try? certificate.publicKey?.pem(),
                own == theirs
            else { throw AccountFault(key: "certificate_pem", problem: "does not belong to private_key_pem") }
        }

        private static func fault(_ fault: PKCS12Fault) -> AccountFault {
            switch fault {
            case .wrongPassword: AccountFault(key: "pfx_password", problem: "does not open pfx_base64")
            case .notPKCS12: AccountFault(key: "pfx_base64", problem: "is not a .pfx file (PKCS#12)")
            case .unknownCipher:
                AccountFault(
                    key: "pfx_base64", problem: "is sealed by a method that this machine's OpenSSL does not know")
            case .noKey: AccountFault(key: "pfx_base64", problem: "holds no private key")
            case .severalKeys: AccountFault(key: "pfx_base64", problem: "holds more than one private key")
            case .noCertificate: AccountFault(key: "pfx_base64", problem: "holds no certificate for its key")
            case .unsuitableKey: AccountFault(key: "pfx_base64", problem: "holds no RSA key of at least 2048 bits")
            case .openssl: AccountFault(key: "pfx_base64", problem: "cannot be opened")
            }
        }
    }
}

import RefundDomain
import Vault

extension WeChatPay {
    /// Opens a refund notice (merchant document 4012587976).
    struct NoticeReader: Sendable {
        let verifier: SignatureVerifier
        let apiV3Key: [UInt8]
        let merchantNumber: String
        let subMerchantNumber: String?

        func read(_ headers: ChannelHeaders, _ body: [UInt8], at now: Moment) throws(NoticeFault) -> ChannelNotice {
            if headers.has("Wechatpay-Signature-Type") {
                guard headers.single("Wechatpay-Signature-Type") == signatureMethod else { throw .wrongMethod }
            }
            switch verifier.check(headers, body, at: now) {
            case .verified: break
            case .unsigned: throw .unsigned
            case .refused(let fault): throw fault
            }
            guard let json = StrictJSON(body), let id = json["id"]?.text, (1...64).contains(id.utf8.count),
                let event = json["event_type"]?.text, let resource = json["resource"]
            else { throw .unreadable }
            guard event.hasPrefix("REFUND."), resource["original_type"]?.text == "refund" else { throw .notARefund }
            let plain = try open(resource)
            try checkMerchant(plain)
            guard let refund = RefundReport.read(plain, .notice), event == "REFUND.\(refund.status)" else {
                throw .unreadable
            }
            return ChannelNotice(id: id, refund: refund)
        }

        private func open(_ resource: StrictJSON) throws(NoticeFault) -> StrictJSON {
            guard resource["algorithm"]?.text == "AEAD_AES_256_GCM", let nonce = resource["nonce"]?.text,
                nonce.utf8.count == 12, let sealed = resource["ciphertext"]?.text.flatMap({ Base64.decode($0) })
            else { throw .unreadable }
            let aad = Array((resource["associated_data"]?.text ?? "").utf8)
            let plain = try? AESGCM.open(
                key: apiV3Key, nonce: Array(nonce.utf8), aad: aad, ciphertextAndTag: sealed)
            guard let plain, let json = StrictJSON(plain) else { throw .unreadable }
            return json
        }

        /// A service provider's notices name it as `sp_mchid`; a merchant's own as `mchid`.
        private func checkMerchant(_ plain: StrictJSON) throws(NoticeFault) {
            guard let told = (plain["mchid"] ?? plain["sp_mchid"])?.text, sameBytes(told, merchantNumber) else {
                throw .wrongMerchant
            }
            guard let subMerchantNumber, let toldSub = plain["sub_mchid"]?.text else { return }
            guard sameBytes(toldSub, subMerchantNumber) else { throw .wrongMerchant }
        }
    }
}

/// A bank whose cards a channel may pay returned money to.
///
/// Cardholders name their bank in their own words; a channel wants a bank that it knows.
public enum PayeeBank: String, Sendable, Hashable, CaseIterable {
    case icbc, abc, boc, ccb, comm, cmb, psbc, spdb, cmbc, citic, ceb, cib, gdb, pab, nbcb

    /// The bank that somebody means, or nil when it is none of these: `中国工商银行北京分行`, `ICBC`,
    /// `Bank of China`.
    public init?(named text: String) {
        let name = text.lowercased().filter { $0.isLetter }
        let found = PayeeBank.allCases.first { bank in
            bank.chineseNames.contains { name.contains($0) } || bank.latinNames.contains(name)
                || name == bank.rawValue
        }
        guard let found else { return nil }
        self = found
    }

    /// Parts that no other bank's name has; a branch may stand around them.
    private var chineseNames: [String] {
        switch self {
        case .icbc: ["工商银行"]
        case .abc: ["农业银行"]
        case .boc: ["中国银行"]
        case .ccb: ["建设银行"]
        case .comm: ["交通银行"]
        case .cmb: ["招商银行"]
        case .psbc: ["邮政储蓄", "邮储银行"]
        case .spdb: ["浦东发展银行", "浦发银行"]
        case .cmbc: ["民生银行"]
        case .citic: ["中信银行"]
        case .ceb: ["光大银行"]
        case .cib: ["兴业银行"]
        case .gdb: ["广东发展银行", "广发银行"]
        case .pab: ["平安银行"]
        case .nbcb: ["宁波银行"]
        }
    }

    /// Whole names in small letters without spaces: `bankofchina` is also the end of `agriculturalbankofchina`.
    private var latinNames: [String] {
        switch self {
        case .icbc: ["industrialandcommercialbankofchina"]
        case .abc: ["agriculturalbankofchina"]
        case .boc: ["bankofchina"]
        case .ccb: ["chinaconstructionbank"]
        case .comm: ["bankofcommunications", "bocom"]
        case .cmb: ["chinamerchantsbank"]
        case .psbc: ["postalsavingsbankofchina", "postalsavingsbank"]
        case .spdb: ["shanghaipudongdevelopmentbank"]
        case .cmbc: ["chinaminshengbank"]
        case .citic: ["chinaciticbank", "citicbank"]
        case .ceb: ["chinaeverbrightbank"]
        case .cib: ["industrialbank"]
        case .gdb: ["chinaguangfabank", "cgb"]
        case .pab: ["pinganbank"]
        case .nbcb: ["bankofningbo"]
        }
    }
}

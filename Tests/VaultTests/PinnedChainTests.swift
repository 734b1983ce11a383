import Testing

@testable import Vault

struct PinnedChainTests {
    private static let from: Int64 = 1_700_000_000
    private static let now: Int64 = 1_795_000_000
    private static let to: Int64 = 1_900_000_000

    @Test func aLeafBehindAPinnedRootIsBelieved() throws {
        let house = try House()
        #expect(fault(try house.leaf(), house.chain) == nil)
        #expect(fault(try house.root.issue(house.key.publicKey(), "direct", .signer), house.chain) == nil)
        #expect(fault(try house.leaf(.unstated), house.chain) == nil)
    }

    @Test func strangersAreNot() throws {
        let house = try House()
        let stranger = try House()
        #expect(fault(try stranger.leaf(), house.chain) == .untrusted)
        #expect(fault(try own(house.key), house.chain) == .untrusted)
        let withoutMiddle = PinnedChain(roots: [house.root.certificate], middles: [])
        #expect(fault(try house.leaf(), withoutMiddle) == .untrusted)
        #expect(fault(try house.leaf(), PinnedChain(roots: [], middles: [house.middle.certificate])) == .untrusted)
        let middleAsRoot = PinnedChain(roots: [house.middle.certificate], middles: [])
        #expect(fault(try house.leaf(), middleAsRoot) == .untrusted)
    }

    /// A forger may use the issuer's name, but not its key.
    @Test func aForgerOfTheSameNameIsNot() throws {
        let house = try House()
        let forger = try CertificateIssuer.root(
            RSAPrivateKey.generate(), commonName: "middle", notBefore: Self.from, notAfter: Self.to)
        #expect(fault(try forger.issue(house.key.publicKey(), "leaf", .signer), house.chain) == .untrusted)
    }

    @Test func aLeafMayNotIssue() throws {
        let house = try House()
        let key = try RSAPrivateKey.generate()
        for role in [CertificateIssuer.Role.signer, .unstated] {
            let between = CertificateIssuer(
                certificate: try house.root.issue(key.publicKey(), "between", role), key: key)
            let leaf = try between.issue(house.key.publicKey(), "leaf", .signer)
            let chain = PinnedChain(roots: [house.root.certificate], middles: [between.certificate])
            #expect(fault(leaf, chain) == .untrusted)
        }
    }

    @Test func anAuthorityDoesNotSignMessages() throws {
        let house = try House()
        #expect(fault(house.middle.certificate, house.chain) == .notASigner)
        #expect(fault(house.root.certificate, house.chain) == .notASigner)
    }

    @Test func everyLinkIsHeldToItsDates() throws {
        let house = try House()
        let leaf = try house.leaf()
        #expect(fault(leaf, house.chain, at: Self.from - 1) == .outsideDates)
        #expect(fault(leaf, house.chain, at: Self.from) == nil)
        #expect(fault(leaf, house.chain, at: Self.to - 1) == nil)
        #expect(fault(leaf, house.chain, at: Self.to + 1) == .outsideDates)
        let old = try house.root.issue(
            house.middleKey.publicKey(), commonName: "middle", role: .authority, notBefore: Self.from,
            notAfter: Self.now - 1)
        let chain = PinnedChain(roots: [house.root.certificate], middles: [old])
        #expect(fault(leaf, chain) == .outsideDates)
    }

    /// UnionPay's published test chain: signed with SHA-1 throughout, the leaf valid from July 2020 to July 2025.
    @Test func chainsOverSHA1CountOnlyWhereAllowed() throws {
        let vector = try #require(try ChannelVector.all("unionpay-510-verify").first)
        let leaf = try Certificate(pem: try #require(vector.fields?["signPubKeyCert"]))
        #expect(leaf.subjectCommonName == "041@8310000000083040@中国银联股份有限公司@00016495")
        let roots = [try ChannelVector.unionPayTestAuthority("acp_test_root.cer")]
        let middles = [try ChannelVector.unionPayTestAuthority("acp_test_middle.cer")]
        let inTime: Int64 = 1_662_840_000
        let lax = PinnedChain(roots: roots, middles: middles, allowsSHA1: true)
        #expect(fault(leaf, lax, at: inTime) == nil)
        #expect(fault(leaf, lax, at: Self.now) == .outsideDates)
        #expect(fault(leaf, PinnedChain(roots: roots, middles: middles), at: inTime) == .weak)
    }

    @Test func weakKeysAndDigestsAreRefused() throws {
        try withFolder { folder in
            try write(TestKeys.pkcs1, to: "\(folder)/root.key")
            try write(TestKeys.rsa1024, to: "\(folder)/short.key")
            try run(
                "req", "-x509", "-new", "-key", "\(folder)/root.key", "-subj", "/CN=root", "-days", "3", "-out",
                "\(folder)/root.pem")
            let root = try Certificate(pem: String(decoding: contents("\(folder)/root.pem"), as: UTF8.self))
            let lax = PinnedChain(roots: [root], middles: [], allowsSHA1: true)
            for (key, digest, expected) in [
                ("root", "sha256", nil as ChainFault?), ("root", "sha1", nil), ("root", "md5", .weak),
                ("short", "sha256", .weak),
            ] {
                try run(
                    "req", "-new", "-key", "\(folder)/\(key).key", "-subj", "/CN=leaf", "-out", "\(folder)/leaf.csr")
                try run(
                    "x509", "-req", "-in", "\(folder)/leaf.csr", "-CA", "\(folder)/root.pem", "-CAkey",
                    "\(folder)/root.key", "-CAcreateserial", "-\(digest)", "-days", "2", "-out", "\(folder)/leaf.pem")
                let leaf = try Certificate(pem: String(decoding: contents("\(folder)/leaf.pem"), as: UTF8.self))
                #expect(fault(leaf, lax, at: leaf.notBefore + 60) == expected, "\(key) \(digest)")
            }
        }
    }

    private func fault(_ certificate: Certificate, _ chain: PinnedChain, at seconds: Int64 = now) -> ChainFault? {
        do throws(ChainFault) {
            try chain.check(certificate, at: seconds)
            return nil
        } catch { return error }
    }

    private func own(_ key: RSAPrivateKey) throws -> Certificate {
        try Certificate.selfSigned(key, commonName: "leaf", notBefore: Self.from, notAfter: Self.to)
    }

    /// A root, a middle and whoever they vouch for.
    private struct House {
        let root: CertificateIssuer
        let middle: CertificateIssuer
        let middleKey: RSAPrivateKey
        let key: RSAPrivateKey

        init() throws {
            root = try CertificateIssuer.root(
                RSAPrivateKey.generate(), commonName: "root", notBefore: from, notAfter: to)
            middleKey = try RSAPrivateKey.generate()
            middle = CertificateIssuer(
                certificate: try root.issue(middleKey.publicKey(), "middle", .authority), key: middleKey)
            key = try RSAPrivateKey.generate()
        }

        var chain: PinnedChain { PinnedChain(roots: [root.certificate], middles: [middle.certificate]) }

        func leaf(_ role: CertificateIssuer.Role = .signer) throws -> Certificate {
            try middle.issue(key.publicKey(), "leaf", role)
        }
    }
}

extension CertificateIssuer {
    fileprivate func issue(_ key: RSAPublicKey, _ commonName: String, _ role: Role) throws -> Certificate {
        try issue(key, commonName: commonName, role: role, notBefore: 1_700_000_000, notAfter: 1_900_000_000)
    }
}

import RefundDesk
import RefundDomain
import Storage
import TestSupport
import Testing

/// Files wait in a lane of their own, are examined once, and what is like what was given before is found.
@Suite struct ExamineProofTests {
    @Test(arguments: EngineUnderTest.allCases)
    func filesWaitInALaneOfTheirOwn(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            while try await desk.claimJob() != nil {}
            try await desk.addProof(.sample(), visitor: visitor)
            #expect(try await desk.claimJob() == nil)
            let job = try #require(try await desk.claimProofJob())
            #expect(job.kind == .examineProof)
            #expect(try await desk.claimProofJob() == nil)
            let proof = try #require(try await desk.beginExamination(job))
            #expect(proof.fileKey == [UInt8](repeating: 2, count: 32))
            #expect(try await desk.recordExamination(.drawn(), of: job))
            #expect(try await desk.recordExamination(.drawn(), of: job) == false)
            #expect(try await desk.draft(of: visitor)?.proofs.first?.standing == .shown(pages: 1, of: 1))
            #expect(try await desk.verify() == [])
        }
    }

    @Test func whatIsHeldBackIsLookedAtAgainLaterEachTime() async throws {
        try await withDesk { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            try await desk.addProof(.sample(), visitor: visitor)
            let held = ProofReport(scan: .held, scanWord: "not reachable")
            for wait in [5, 10, 20, 40] as [Int64] {
                let job = try #require(try await desk.claimProofJob())
                #expect(try await desk.recordExamination(held, of: job))
                world.clock.advance(seconds: wait - 1)
                #expect(try await desk.claimProofJob() == nil)
                world.clock.advance(seconds: 1)
            }
            #expect(try await desk.draft(of: visitor)?.proofs.first?.standing == .held)
            #expect(try await world.int("SELECT COUNT(*) AS value FROM event WHERE what = 'proof.examined'") == 1)
            let passed = ProofReport(scan: .clean)
            let job = try #require(try await desk.claimProofJob())
            #expect(try await desk.recordExamination(passed, of: job))
            #expect(try await desk.draft(of: visitor)?.proofs.first?.standing == .waiting(isPassed: true))
            #expect(try await desk.verify() == [])
        }
    }

    @Test func anInfectedFileIsNoProofAndNobodyOpensIt() async throws {
        try await withDesk { desk, world in
            let (number, proof) = try await world.filedWithProof()
            let job = try #require(try await desk.claimProofJob())
            await #expect(throws: Refusal.notFound) { try await desk.openProof(proof, of: number, by: world.reviewer) }
            #expect(try await desk.recordExamination(ProofReport(scan: .infected, scanWord: "Eicar"), of: job))
            await #expect(throws: Refusal.notFound) { try await desk.openProof(proof, of: number, by: world.reviewer) }
            world.clock.advance(seconds: 86_400)
            #expect(try await desk.claimProofJob() == nil, "it is final")
            #expect(try await desk.verify() == [])
        }
    }

    @Test func aRemovedFileIsExaminedNoMoreAndItsPagesAreNamedForRemoval() async throws {
        try await withDesk { desk, world in
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            try await desk.addProof(.sample(), visitor: visitor)
            try await desk.addProof(.sample(), visitor: visitor)
            let first = try #require(try await desk.claimProofJob())
            #expect(try await desk.recordExamination(.drawn(name: "page-1"), of: first))
            let names = try await desk.removeProof(first.id, visitor: visitor)
            #expect(names.count == 2 && names.last == "page-1")
            let second = try #require(try await desk.claimProofJob())
            #expect(try await desk.removeProof(second.id, visitor: visitor).count == 1)
            #expect(try await desk.recordExamination(.drawn(), of: second) == false)
            #expect(try await desk.beginExamination(second) == nil)
            await #expect(throws: Refusal.notFound) {
                try await desk.openProofPage(1, of: first.id, visitor: visitor)
            }
        }
    }

    @Test func pagesOpenForThoseWhoMaySeeTheCaseAlone() async throws {
        try await withDesk { desk, world in
            let (number, proof) = try await world.filedWithProof()
            let job = try #require(try await desk.claimProofJob())
            #expect(try await desk.recordExamination(.drawn(name: "page-7"), of: job))
            let page = try await desk.openProofPage(1, of: proof, of: number, by: world.reviewer)
            #expect(page.storedName == "page-7" && page.fileKey == [UInt8](repeating: 3, count: 32))
            await #expect(throws: Refusal.notFound) {
                try await desk.openProofPage(2, of: proof, of: number, by: world.reviewer)
            }
            await #expect(throws: Refusal.notFound) {
                try await desk.openProofPage(1, of: "other", of: number, by: world.reviewer)
            }
            await #expect(throws: Refusal.notFound) {
                try await desk.openProofPage(1, of: proof, of: number, visitor: "nobody")
            }
        }
    }

    /// Matches of a look that differs in so many bits, for another payment and for the same one.
    @Test(arguments: EngineUnderTest.allCases)
    func likePicturesForOtherPaymentsAreFound(_ engine: EngineUnderTest) async throws {
        try await withDesk(engine) { desk, world in
            let look: UInt64 = 0x0F0F_3C3C_A5A5_1234
            func add(_ look: UInt64?, digest: UInt8) async throws -> String {
                let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
                try await desk.addProof(.sample(digest: digest), visitor: visitor)
                let job = try #require(try await desk.claimProofJob())
                #expect(try await desk.recordExamination(.drawn(look: look), of: job))
                return job.id
            }
            func matches(_ id: String) async throws -> [String] {
                try await desk.store.read { sql in
                    try sql.rows(
                        "SELECT other_id, kind FROM proof_match WHERE proof_id = $1 ORDER BY other_id", [.text(id)]
                    ).map { "\(try $0.text("other_id")) \(try $0.text("kind"))" }
                }
            }
            let first = try await add(look, digest: 1)
            // Bits that all lie in one band, and bits in every band.
            let near = try await add(look ^ 0x1F, digest: 2)
            let spread = try await add(look ^ 0x0001_0001_0001_0003, digest: 3)
            let far = try await add(look ^ 0x0003_0003_0003_0003, digest: 4)
            let same = try await add(nil, digest: 1)
            #expect(try await matches(first) == ["\(near) alike", "\(spread) alike", "\(same) same"].sorted())
            #expect(try await matches(near).contains("\(first) alike"))
            #expect(try await !matches(far).contains("\(first) alike"))
            #expect(try await matches(same) == ["\(first) same"])
            let visitor = try await world.draft(of: try await world.pay(), asking: 1_000)
            for _ in 0..<2 { try await desk.addProof(.sample(digest: 9), visitor: visitor) }
            let before = try await world.int("SELECT COUNT(*) AS value FROM proof_match")
            while let job = try await desk.claimProofJob() {
                #expect(try await desk.recordExamination(.drawn(look: ~look), of: job))
            }
            let after = try await world.int("SELECT COUNT(*) AS value FROM proof_match")
            #expect(before == after, "twice for one payment says nothing")
            #expect(try await desk.verify() == [])
        }
    }
}

extension ProofReport {
    /// One page that nobody has.
    static func drawn(
        name: String = "page-\(UInt64.random(in: 0...UInt64.max))", look: UInt64? = 0x0123_4567_89AB_CDEF
    ) -> ProofReport {
        let page = NewProofPage(
            storedName: name, fileKey: [UInt8](repeating: 3, count: 32), bytes: 100, width: 10, height: 20, look: look)
        return ProofReport(scan: .clean, drawing: .drawn, pages: [page], pageCount: 1)
    }
}

extension DeskWorld {
    /// A request that was sent with a file, and the file.
    fileprivate func filedWithProof() async throws -> (number: CaseNumber, proof: String) {
        let visitor = try await draft(of: try await pay(), asking: 1_000)
        try await desk.addProof(.sample(), visitor: visitor)
        let number = try await desk.fileCase(
            submission: "submission-with-proof", termsAccepted: true, visitor: visitor)
        return (number, try await text("SELECT id AS value FROM proof"))
    }
}

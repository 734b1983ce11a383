import RefundDomain
import Storage
import Vault

/// How often a file is looked at again that could not be examined.
public enum ExaminationLimits {
    /// Seconds until the next look; doubled each time.
    public static let retrySeconds: Int64 = 5
    public static let retrySecondsMax: Int64 = 600

    static func wait(after job: Job) -> Int64 {
        min(retrySeconds << min(max(job.attempts - 1, 0), 10), retrySecondsMax)
    }
}

/// A file in an examiner's hands.
public struct ProofToExamine: Sendable {
    public let id: String
    public let mediaType: String
    public let storedName: String
    public let fileKey: [UInt8]
}

extension Desk {
    /// Announced whenever a file came that is to be examined; see ``Store/announcements``.
    public static let proofTopic = OutboxTable.proofTopic

    /// Claims the oldest file that is to be examined; nil when there is none.
    ///
    /// A lane of its own: whoever uploads a thousand slow documents keeps no money waiting.
    public func claimProofJob() async throws -> Job? {
        try await claimJob(in: .proofs)
    }

    /// Opens what a job is about; nil when there is nothing to examine any more.
    public func beginExamination(_ job: Job) async throws -> ProofToExamine? {
        let now = clock()
        return try await store.write { sql in
            guard try OutboxTable.hold(job, sql) else { return nil }
            guard let file = try ProofCheckTable.file(job.id, sql) else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return nil
            }
            return ProofToExamine(
                id: job.id, mediaType: file.mediaType, storedName: file.storedName,
                fileKey: try seals.open(file.keySealed, ProofCheckTable.place(of: job.id, file.merchantID), sql))
        }
    }

    /// Writes down what was found out; what may be found out later is looked at again.
    ///
    /// - Returns: false when the claim is lost or the file was removed meanwhile; the caller then removes the pages.
    public func recordExamination(_ report: ProofReport, of job: Job) async throws -> Bool {
        let now = clock()
        let pages = try report.pages.map { (id: try newID(), page: $0) }
        return try await store.write { sql in
            guard let file = try ProofCheckTable.file(job.id, sql) else {
                _ = try OutboxTable.finish(job, at: now, sql)
                return false
            }
            try EventTable.hold(file.merchantID, sql)
            guard try OutboxTable.hold(job, sql) else { return false }
            let digest = keys.textDigest(Hex.encode(file.sha256), salt: "proof\n\(file.merchantID)")
            let isNews = try ProofCheckTable.write(report, of: file, digest: digest, at: now, sql)
            for (number, page) in pages.enumerated() {
                try ProofCheckTable.add(page.page, id: page.id, number: number + 1, of: file, at: now, seals, sql)
            }
            if report.isFinal { try ProofLikeness.match(file, digest: digest, pages.map(\.page.look), sql) }
            if isNews { try record(report, of: file, at: now, sql) }
            _ =
                report.isFinal
                ? try OutboxTable.finish(job, at: now, sql)
                : try OutboxTable.postpone(job, until: now.adding(seconds: ExaminationLimits.wait(after: job)), sql)
            return true
        }
    }

    /// Puts a file off that could not be examined.
    public func postponeExamination(_ job: Job) async throws {
        try await postpone(job, seconds: ExaminationLimits.wait(after: job))
    }

    private func record(
        _ report: ProofReport, of file: ProofCheckTable.File, at now: Moment, _ sql: any SQLTransaction
    ) throws {
        var facts = ["scan": report.scan.rawValue, "pages": String(report.pages.count)]
        facts["drawing"] = report.drawing?.rawValue
        facts["scan_word"] = report.scanWord
        let event = NewEvent(
            stream: file.merchantID, actor: .system, what: "proof.examined", object: "proof-check", objectID: file.id,
            caseID: file.caseID, facts: facts, visibility: .internal)
        try EventTable.append(event, at: now, seals, sql)
    }
}

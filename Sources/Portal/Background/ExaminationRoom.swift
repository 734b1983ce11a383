public import Logging
public import Proofs
public import RefundDesk
public import ServiceLifecycle
import Storage
import Vault

/// Looks into uploaded files one after the other, as long as it runs: has them scanned, and drawn anew for those who
/// are to see them.
///
/// It may be killed at any moment and any number of them may run: a file is claimed with a fencing number, and what
/// was drawn counts only with the row that names it. Files wait in a lane of their own, so that no upload keeps money
/// waiting.
public struct ExaminationRoom: Service {
    private let desk: Desk
    private let examiner: ProofExaminer
    private let logger: Logger

    public init(desk: Desk, examiner: ProofExaminer, logger: Logger) {
        self.desk = desk
        self.examiner = examiner
        self.logger = logger
    }

    /// Works until shutdown; a file that was begun is finished first.
    public func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            // Listened to before looking, so that nothing comes in between.
            let hints = desk.store.announcements.listen(to: Desk.proofTopic)
            if await !workOnce() { await Courier.rest(until: hints) }
        }
    }

    /// Examines one file that is due.
    ///
    /// - Returns: false when there is none, or the database cannot be asked.
    package func workOnce() async -> Bool {
        do {
            guard let job = try await desk.claimProofJob() else { return false }
            do { try await examine(job) } catch { await putOff(job, after: error) }
            return true
        } catch {
            logger.error("no file could be taken", metadata: ["fault": "\(type(of: error))"])
            return false
        }
    }

    private func examine(_ job: Job) async throws {
        guard let proof = try await desk.beginExamination(job) else { return }
        guard let name = ProofName(proof.storedName), let type = ProofMediaType(rawValue: proof.mediaType) else {
            throw ProofStoreFault.damaged
        }
        let findings = try await examiner.examine(name, fileKey: Secret(bytes: proof.fileKey), type)
        let report = ProofReport(findings)
        tell(report, of: job)
        do {
            if try await desk.recordExamination(report, of: job) { return }
        } catch StoreFault.commitUnknown {
            // Better pages without a row than a row whose pages are gone.
            throw StoreFault.commitUnknown
        } catch {
            await examiner.discard(findings.storedPages)
            throw error
        }
        await examiner.discard(findings.storedPages)
    }

    private func tell(_ report: ProofReport, of job: Job) {
        switch report.scan {
        case .infected, .held:
            logger.warning(
                "a file did not pass the scanner",
                metadata: [
                    "proof": "\(job.id)", "scan": "\(report.scan.rawValue)", "word": "\(report.scanWord ?? "")",
                ])
        case .off, .clean:
            guard report.drawing == nil else { return }
            logger.error("a file waits for the programs that draw", metadata: ["proof": "\(job.id)"])
        }
    }

    /// A file is never given up: it comes back later each time.
    private func putOff(_ job: Job, after error: any Error) async {
        logger.error("a file was not examined", metadata: ["proof": "\(job.id)", "fault": "\(error)"])
        // The claim runs out by itself where this fails too; the fault was logged above.
        try? await desk.postponeExamination(job)
    }
}

extension ProofFindings {
    fileprivate var storedPages: [StoredPage] {
        switch pages {
        case .drawn(let pages, _): pages
        case .flawed, nil: []
        }
    }
}

extension ProofReport {
    fileprivate init(_ findings: ProofFindings) {
        var drawing: ProofDrawing?
        var count: Int64 = 0
        switch findings.pages {
        case .drawn(_, let all): (drawing, count) = (.drawn, all)
        case .flawed(.password): drawing = .password
        case .flawed(.unreadable): drawing = .unreadable
        case .flawed(.tooMuch): drawing = .tooMuch
        case nil: break
        }
        let (scan, word): (ProofScan, String?) =
            switch findings.scan {
            case .off: (.off, nil)
            case .clean: (.clean, nil)
            case .infected(let name): (.infected, name)
            case .held(let reason): (.held, reason)
            }
        self.init(
            scan: scan, scanWord: word, drawing: drawing,
            pages: findings.storedPages.map { page in
                NewProofPage(
                    storedName: page.name.text, fileKey: page.fileKey.bytes, bytes: page.bytes, width: page.width,
                    height: page.height, look: page.look?.bits)
            }, pageCount: count)
    }
}

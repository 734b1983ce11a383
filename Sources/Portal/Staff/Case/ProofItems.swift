import RefundDesk
import RefundDomain
import Words

extension CasePanelWriter {
    /// A file with everything that there is to say about it.
    func proof(_ line: CaseFile.ProofLine) -> ProofItem {
        let kind = words.proof(line.kind)
        let about =
            [FileWords.type(line.mediaType), FileWords.size(line.bytes), clock.time(line.uploaded)]
            + [line.scanWord].compactMap(\.self)
        return ProofItem(
            name: kind, about: about.joined(separator: " · "),
            pictures: ProofPictures(
                line.standing, id: line.id, kind: kind, folder: "\(address)/proof", for: "staff", phrases),
            original: original(line, kind), risks: risks(line), verdict: verdict(line),
            judge: judges ? judge(line) : nil)
    }

    private func original(_ line: CaseFile.ProofLine, _ kind: String) -> ProofItem.Original? {
        guard downloads, line.standing.isPassed else { return nil }
        return ProofItem.Original(
            address: "\(address)/proof/\(line.id)", linkLabel: phrases.text("staff.proof.download", ["kind": kind]),
            warning: line.isScanned ? nil : phrases.text("staff.proofs.not-scanned"))
    }

    private func risks(_ line: CaseFile.ProofLine) -> [ProofItem.Risk] {
        line.matches.map { match in
            ProofItem.Risk(
                text: phrases.text("staff.proofs.risk.\(match.isSame ? "same" : "alike")"), number: match.number,
                address: caseAddress(match.number))
        }
    }

    private func verdict(_ line: CaseFile.ProofLine) -> String? {
        line.verdict.map { verdict in
            let words = phrases.text("staff.proof-verdict.\(verdict.rawValue)")
            return line.verdictBy.map { "\(words) · \($0)" } ?? words
        }
    }

    private func judge(_ line: CaseFile.ProofLine) -> ProofItem.Judge {
        ProofItem.Judge(
            action: "\(address)/proof-verdict", version: String(file.version), proof: line.id,
            legend: phrases.text("staff.proof-verdict.legend"),
            ways: ProofVerdict.allCases.map { verdict in
                ProofItem.Way(
                    value: verdict.rawValue, label: phrases.text("staff.proof-verdict.\(verdict.rawValue)"))
            })
    }

    /// The keys of the words about files.
    static var proofKeys: [String] {
        ["staff.proof.download", "staff.proofs.not-scanned", "staff.proofs.risk.same", "staff.proofs.risk.alike"]
            + ProofVerdict.allCases.map { "staff.proof-verdict.\($0.rawValue)" } + ["staff.proof-verdict.legend"]
    }
}

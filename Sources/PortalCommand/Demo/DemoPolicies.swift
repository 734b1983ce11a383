import RefundDesk
import RefundDomain

/// The rules that merchants of the demo have made: the pharmacy's are in force, the department store's wait for a
/// second person.
struct DemoPolicies: Sendable {
    /// How long ago the pharmacy's rules were made, in seconds: three days.
    private static let madeSecondsAgo: Int64 = 3 * 86_400
    /// How many days ahead the department store's would begin.
    private static let daysAhead: Int64 = 30

    let story: DemoStory

    /// - Parameter keepers: admins by their merchant's code, finance under no code.
    func enact(_ keepers: [String: StaffMember]) async throws {
        let now = story.desk.clock()
        guard let finance = keepers[""] else { return }
        if let admin = keepers["renhe"] {
            let then = story.desk(at: now.adding(seconds: -DemoPolicies.madeSecondsAgo))
            let id = try await propose(DemoPolicies.pharmacy(), by: admin, daysAhead: 1, on: then)
            try await then.confirmPolicy(id, by: finance)
        }
        if let admin = keepers["lanting"] {
            _ = try await propose(
                DemoPolicies.store(), by: admin, daysAhead: DemoPolicies.daysAhead, on: story.desk(at: now))
        }
    }

    private func propose(
        _ policy: Policy, by admin: StaffMember, daysAhead: Int64, on desk: Desk
    ) async throws -> String {
        let merchantID = admin.merchantID ?? ""
        let today = (Zone("Asia/Shanghai") ?? .utc).day(desk.clock())
        return try await desk.proposePolicy(
            policy, for: merchantID, from: today.adding(days: daysAhead), after: 0, by: admin)
    }

    /// At most ¥500 at once; up to ¥20 for a double charge goes without a person; a fee of 1 % of at least ¥0.50.
    private static func pharmacy() throws -> Policy {
        try Policy(version: "pharmacy").with(.refundMax, 50_000).with(.dayMax, 500_000).with(.autoMax, 2_000)
            .with(.feeShare, 100).with(.feeMin, 50).with(.feeBearer, "cardholder")
            .approvingAlone([.duplicateCharge]).demandingProof(for: .wrongAmount, from: 20_000)
    }

    /// Half a year to ask in, and faster answers.
    private static func store() throws -> Policy {
        try Policy(version: "store").with(.windowDays, 180).with(.answerDays, 1).with(.decisionDays, 5)
    }
}

import RefundDesk
import RefundDomain
import SandboxBank
import Storage
import Vault

/// People who paid.
extension World {
    static let cardholderMoves = [
        Move(name: "files", weight: 130) { try await $0.file() },
        Move(name: "cardholder", weight: 110) { try await $0.actAsCardholder() },
        Move(name: "a stranger", weight: 10) { try await $0.actAsStranger() },
    ]

    /// What a cardholder may do with a case.
    static let cardholderDeeds: [Deed] = [
        Deed(.answer, 10) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.answer(
                    filed.number, text: "Here it is.", proofs: [], version: facts.version, visitor: visitor)
            }
        },
        Deed(.acceptOffer, 10) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.acceptOffer(filed.number, version: facts.version, visitor: visitor)
            }
        },
        Deed(.refuseOffer, 4) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.refuseOffer(filed.number, version: facts.version, visitor: visitor)
            }
        },
        Deed(.withdraw, 1) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.withdraw(filed.number, reason: "", version: facts.version, visitor: visitor)
            }
        },
        Deed(.answerLate, 6) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.answer(
                    filed.number, text: "Here it is at last.", proofs: [], version: facts.version, visitor: visitor)
            }
        },
        Deed(.appeal, 4) { world, filed, facts in
            try await world.asCardholder(filed) { desk, visitor in
                try await desk.appeal(
                    filed.number, grounds: World.grounds, proofs: [], version: facts.version, visitor: visitor)
            }
        },
    ]

    private static let waiting: [RefundCase.State] = [.infoNeeded, .counterOffered, .awaitingSecond, .expired]

    static let grounds = "The goods are back at the shop since Monday."

    private func actAsCardholder() async throws -> String? {
        // Those whose case waits for long, or for them, come back.
        let waiting = dice.permille(150) ? dice.pick(World.waiting) : nil
        let found = if let waiting { try await anyCase(in: waiting) } else { dice.pickLate(cast.filed) }
        guard let filed = found, let facts = try await facts(filed.number) else { return nil }
        guard let deed = choose(World.cardholderDeeds, in: facts.state, for: .cardholder) else { return nil }
        // In most states it is all that they could do, and few people do.
        if deed.command == .withdraw, !dice.permille(120) { return nil }
        if deed.command == .appeal, !facts.lacks { return nil }
        try await deed.act(self, filed, facts)
        return "\(filed.number.text) \(deed.command)"
    }

    /// Somebody with a case of their own tries their session on another one.
    private func actAsStranger() async throws -> String? {
        guard let filed = dice.pickLate(cast.filed), let other = dice.pick(cast.filed), filed.number != other.number,
            let facts = try await facts(filed.number),
            let deed = choose(World.cardholderDeeds, in: facts.state, for: .cardholder)
        else { return nil }
        var stranger = filed
        stranger.visitor = other.visitor
        stranger.readsMessages = false
        do {
            try await deed.act(self, stranger, facts)
        } catch let refusal as Refusal {
            return "\(filed.number.text) \(deed.command) is refused: \(refusal)"
        }
        violation("stranger", "\(filed.number.text) let a stranger \(deed.command)")
        return "\(filed.number.text) \(deed.command)"
    }

    /// Does something with the cardholder's session, or with a new one when that has ended.
    func asCardholder(_ filed: Cast.Filed, _ act: (Desk, String) async throws -> Void) async throws {
        do {
            try await act(server(), filed.visitor)
        } catch let refusal as Refusal where filed.readsMessages && [.notFound, .contactUnproved].contains(refusal) {
            try await act(server(), try await comeBack(filed))
        }
    }

    /// A new session after a day, by the code that is sent to the known address.
    private func comeBack(_ filed: Cast.Filed) async throws -> String {
        let session = try await server().requestTrackCode(
            for: filed.number, contact: filed.email, visitor: nil, address: "192.0.2.\(cast.next())")
        let id = try await honest.read { sql in
            try sql.row("SELECT id FROM refund_case WHERE number = $1", [.text(filed.number.text)])?.text("id") ?? ""
        }
        guard let code = try await newestCode(ofCase: id, merchant: filed.merchant) else { throw Refusal.codeExpired }
        let visitor = try await server().proveTrackCode(code, for: filed.number, visitor: session)
        if let index = cast.filed.firstIndex(where: { $0.number == filed.number }) {
            cast.filed[index].visitor = visitor
        }
        return visitor
    }

    /// The whole way from the slip to the sent request. Whoever gets no answer does the step once more.
    private func file() async throws -> String? {
        guard let paid = dice.pickLate(cast.payments) else { return nil }
        let number = cast.next()
        let email = "person\(number)@example.com"
        let asked = amount(of: paid.amount)
        let behalf = agent(of: paid.merchant)
        let visitor = try await again {
            try await self.server().find(
                .order(paid.transaction), amountText: paid.amount.decimal, visitor: nil, address: "192.0.2.\(number)",
                language: number % 2 == 0 ? "en" : "zh-Hans", onBehalf: behalf)
        }
        guard case .found(let visitor) = visitor else { throw Refusal.notFound }
        try await again {
            try await self.server().chooseReason(.notReceived, details: "never came", visitor: visitor)
        }
        try await again { try await self.server().chooseAmount(asked, visitor: visitor, onBehalf: behalf) }
        try await again {
            try await self.server().giveContact(name: "Zhang Wei", email: email, phone: "", visitor: visitor)
        }
        guard let id = try await server().draft(of: visitor)?.caseID,
            let code = try await newestCode(ofCase: id, merchant: paid.merchant)
        else { return "\(email) lost the code" }
        try await again { try await self.server().proveContact(code: code, visitor: visitor) }
        let filed = try await again {
            try await self.server().fileCase(
                submission: "submission-number-\(number)", termsAccepted: true, visitor: visitor, onBehalf: behalf)
        }
        cast.filed.append(Cast.Filed(number: filed, merchant: paid.merchant, email: email, visitor: visitor))
        let by = behalf.map { ", typed in by \($0.staff.role.rawValue)" } ?? ""
        return "\(filed.text) asks for \(asked?.minor ?? paid.amount.minor) of \(paid.amount.minor)\(by)"
    }

    private static let triesMax = 3

    /// Somebody who gets no answer tries once more.
    private func again<Value: Sendable>(_ act: () async throws -> Value) async throws -> Value {
        for _ in 1..<World.triesMax {
            do { return try await act() } catch is ProcessDied {
                continue
            } catch StoreFault.commitUnknown {
                continue
            }
        }
        return try await act()
    }

    /// The whole, a part, or one of the amounts that the bank treats badly.
    private func amount(of paid: Money) -> Money? {
        let minor: Int64
        switch dice.number(0...9) {
        case 0: return nil
        case 1...4: minor = dice.pick(Misbehaviour.allCases)?.rawValue ?? 601
        case 5...6: minor = paid.minor
        default: minor = dice.number(1...max(paid.minor / 2, 1))
        }
        return Money(minor: min(minor, paid.minor), currency: paid.currency)
    }

    /// The code that a person was sent last, while its message still holds it.
    private func newestCode(ofCase id: String, merchant: Int) async throws -> String? {
        let seals = server().seals
        let tenant = cast.merchants[merchant].id
        return try await honest.read { sql in
            guard
                let row = try sql.row(
                    """
                    SELECT   id, values_sealed
                    FROM     message
                    WHERE    case_id = $1
                    AND      kind IN ('contact-code', 'track-code')
                    ORDER BY created_ms DESC, id DESC
                    LIMIT    1
                    """, [.text(id)])
            else { return nil }
            let place = SealPlace("message", "values_sealed", row: try row.text("id"), tenant: tenant, .contact)
            return try seals.openText(try row.bytesOrNil("values_sealed"), place, sql).flatMap {
                eventFacts($0)["code"]
            }
        }
    }
}

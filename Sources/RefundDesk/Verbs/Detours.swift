import RefundDomain
import Storage

/// Where returned money goes: the channel goes on with the refund that came back, under that refund's number.
extension Desk {
    /// The way of a movement to another account; nil for one that goes back as it was paid.
    ///
    /// - Parameter isOrder: false for questions to the channel, which need not name the account.
    func detour(of movement: MovementRow, isOrder: Bool, _ sql: any SQLReading) throws -> Detour? {
        guard movement.route == .bankCard else { return nil }
        guard let origin = try MovementTable.origin(of: movement, sql), let number = origin.channelRefundNumber else {
            throw StoreFault.missingColumn("channel_refund_number")
        }
        return Detour(
            refundNumber: origin.refundNumber, channelRefundNumber: number,
            destination: isOrder ? try destination(of: movement, sql) : nil)
    }

    /// Whether the channel can pay a movement's money to an account: it has such an order, knows the bank, and told us
    /// its number of the refund that it would go on with.
    func canPay(
        _ movement: MovementRow, to destinationID: String, by channel: Channel?, _ sql: any SQLReading
    ) throws -> Bool {
        guard let able = channel.flatMap({ ChannelCapability.of($0) }),
            try MovementTable.origin(of: movement, sql)?.channelRefundNumber != nil
        else { return false }
        let destination = try DestinationTable.find(
            destinationID, ofCase: movement.caseID, tenant: movement.merchantID, seals, sql)
        return destination.map { channel?.isPaidInBatches == true || able.pays(to: $0) } ?? false
    }

    func destination(of movement: MovementRow, _ sql: any SQLReading) throws -> PayeeDestination {
        let row = try sql.row("SELECT destination_sealed FROM movement WHERE id = $1", [.text(movement.id)])
        let details = try seals.openText(
            row?.bytesOrNil("destination_sealed"), destinationPlace(movement.id, movement), sql)
        guard let destination = PayeeDestination(details: details ?? "") else {
            throw StoreFault.wrongKind("destination_sealed")
        }
        return destination
    }
}

extension MovementTable {
    /// The movement that a channel knows for a movement: the last one on its way back that went as it was paid.
    static func origin(of movement: MovementRow, _ sql: any SQLReading) throws -> MovementRow? {
        guard movement.route == .bankCard else { return movement }
        let all = try list(ofCase: movement.caseID, sql)
        var found: MovementRow? = movement
        while let step = found, step.route == .bankCard { found = all.first { $0.id == step.replacesID } }
        return found
    }
}

extension PayeeDestination {
    /// The account as it lies sealed.
    var details: String {
        EventTable.factsText(["account": account, "bank": bank, "holder": holder])
    }

    /// Reads ``details``; nil for anything else.
    init?(details: String) {
        let values = eventFacts(details)
        guard let account = values["account"], let bank = values["bank"], let holder = values["holder"] else {
            return nil
        }
        self.init(account: account, bank: bank, holder: holder)
    }
}

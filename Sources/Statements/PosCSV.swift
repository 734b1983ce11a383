import RefundDomain

/// Reads the rows of a `pos-csv` file, one transaction of a terminal each.
struct PosCSV: Sendable {
    private let merchantNumber, terminalNumber, batchNumber, traceNumber, referenceNumber, authCode: Place
    private let paidAt, card, cardKind, issuer, channel, orderNumber, type, amount, currency, fee, settledOn: Place
    private let settledCurrency, settledAmount: Place
    private let cellCount: Int
    /// The currency of rows that name none.
    private let ownCurrency: Currency

    init(headings: [String], currency ownCurrency: Currency) throws(StatementFault) {
        let layout = try Layout(headings, named: PosColumn.named)
        let missing = PosColumn.needed.filter { layout.places[$0] == nil }
        guard missing.isEmpty else { throw .missingColumns(.posCSV, missing.map(\.rawValue)) }
        func place(_ column: PosColumn) -> Place { layout.place(column, column.rawValue) }
        merchantNumber = place(.merchantNumber)
        terminalNumber = place(.terminalNumber)
        batchNumber = place(.batchNumber)
        traceNumber = place(.traceNumber)
        referenceNumber = place(.referenceNumber)
        authCode = place(.authCode)
        paidAt = place(.paidAt)
        card = place(.card)
        cardKind = place(.cardKind)
        issuer = place(.issuer)
        channel = place(.channel)
        orderNumber = place(.orderNumber)
        type = place(.type)
        amount = place(.amount)
        currency = place(.currency)
        fee = place(.fee)
        settledOn = place(.settledOn)
        settledCurrency = place(.settledCurrency)
        settledAmount = place(.settledAmount)
        cellCount = layout.cellCount
        self.ownCurrency = ownCurrency
    }

    func row(_ csv: borrowing CSVReader) throws(LineFault) -> StatementRow {
        guard csv.surplusCells(beyond: cellCount) == 0 else {
            let reason = LineFault.Reason.cellCount(expected: cellCount, found: csv.cells.count)
            throw LineFault(line: csv.line, column: nil, reason: reason, excerpt: nil)
        }
        let kind = try csv.required(type) { bytes throws(LineFault.Reason) in
            guard let type = PosType.named(try CellText.words(bytes, max: Self.wordsMax)) else {
                throw .unknownWord(known: PosType.known)
            }
            return type
        }
        switch kind {
        case .sale: return .payment(try payment(csv))
        case .refund: return .refund(try refund(csv, .refund))
        case .void: return .refund(try refund(csv, .void))
        }
    }

    /// Longest issuer or type, in characters.
    private static let wordsMax = 64

    private func payment(_ csv: borrowing CSVReader) throws(LineFault) -> StatementPayment {
        let channel = try channel(csv)
        let order = try order(csv, channel)
        let currency = try currency(csv)
        let amount = try csv.required(amount) { bytes throws(LineFault.Reason) in
            try CellText.money(bytes, currency)
        }
        let settlement = try settlement(csv)
        return StatementPayment(
            line: csv.line, merchantNumber: try code(csv, merchantNumber), channel: channel,
            slip: try slip(csv, isNamed: order.transaction != nil),
            paidAt: try csv.required(paidAt) { bytes throws(LineFault.Reason) in try CellText.time(bytes) },
            card: try card(csv), channelTransactionNumber: order.transaction, merchantOrderNumber: order.merchant,
            amount: amount, feeThousandths: try fee(csv, settlement?.currency ?? currency),
            settledOn: try settledOn(csv), settlement: settlement)
    }

    /// What the merchant is settled with, where the file names a currency of its own for it.
    private func settlement(_ csv: borrowing CSVReader) throws(LineFault) -> Money? {
        let named = try csv.value(settledCurrency) { bytes throws(LineFault.Reason) in try CellText.currency(bytes) }
        guard let named else { return nil }
        return try csv.required(settledAmount) { bytes throws(LineFault.Reason) in try CellText.money(bytes, named) }
    }

    /// Files write the amount of a refund with either sign.
    private func refund(
        _ csv: borrowing CSVReader, _ kind: StatementRefund.Kind
    ) throws(LineFault) -> StatementRefund {
        let channel = try channel(csv)
        let order = try order(csv, channel)
        let currency = try currency(csv)
        let amount = try csv.required(amount) { bytes throws(LineFault.Reason) in
            try CellText.money(eitherSign: bytes, currency)
        }
        let feeReturned = try csv.value(fee) { bytes throws(LineFault.Reason) in
            abs(try CellText.thousandths(bytes, currency))
        }
        return StatementRefund(
            line: csv.line, kind: kind, status: .succeeded, merchantNumber: try code(csv, merchantNumber),
            channel: channel, slip: try slip(csv, isNamed: order.transaction != nil),
            refundedAt: try csv.required(paidAt) { bytes throws(LineFault.Reason) in try CellText.time(bytes) },
            card: try card(csv), channelTransactionNumber: order.transaction, merchantOrderNumber: order.merchant,
            amount: amount, feeReturnedThousandths: feeReturned ?? 0, settledOn: try settledOn(csv))
    }

    private func channel(_ csv: borrowing CSVReader) throws(LineFault) -> Channel {
        // A list of card transactions has no such column: the cards' own scheme took them.
        try csv.value(channel) { bytes throws(LineFault.Reason) in
            guard let channel = ChannelWord.channel(try CellText.words(bytes, max: Self.wordsMax)) else {
                throw .unknownWord(known: ChannelWord.known)
            }
            return channel
        } ?? .unionPay
    }

    private func order(
        _ csv: borrowing CSVReader, _ channel: Channel
    ) throws(LineFault) -> (transaction: String?, merchant: String?) {
        let number = try csv.value(orderNumber) { bytes throws(LineFault.Reason) in try CellText.code(bytes) }
        guard let number else { return (nil, nil) }
        return channel.isTransactionNumber(number) ? (number, nil) : (nil, number)
    }

    private func currency(_ csv: borrowing CSVReader) throws(LineFault) -> Currency {
        try csv.value(currency) { bytes throws(LineFault.Reason) in try CellText.currency(bytes) } ?? ownCurrency
    }

    /// The numbers on the slip; batch and trace may only be missing where the channel's own number is the key.
    private func slip(_ csv: borrowing CSVReader, isNamed: Bool) throws(LineFault) -> SlipNumbers {
        func optional(_ place: Place) throws(LineFault) -> String? {
            try csv.value(place) { bytes throws(LineFault.Reason) in
                try CellText.code(bytes, max: Self.slipCharactersMax)
            }
        }
        let slip = SlipNumbers(
            terminal: try code(csv, terminalNumber), batch: try optional(batchNumber),
            trace: try optional(traceNumber), reference: try optional(referenceNumber),
            authCode: try optional(authCode))
        if slip.batch == nil, !isNamed { throw csv.fault(batchNumber, .missing) }
        if slip.trace == nil, !isNamed { throw csv.fault(traceNumber, .missing) }
        return slip
    }

    /// Longest number on a slip, in characters; ISO 8583 has 12 for the longest, some acquirers print more.
    private static let slipCharactersMax = 20

    private func card(_ csv: borrowing CSVReader) throws(LineFault) -> StatementCard {
        let number = try csv.value(card) { bytes throws(LineFault.Reason) in try CardText.masked(bytes) }
        return StatementCard(
            first6: number?.first6, last4: number?.last4,
            kind: try csv.value(cardKind) { bytes throws(LineFault.Reason) in try CardText.kind(bytes) } ?? nil,
            issuer: try csv.value(issuer) { bytes throws(LineFault.Reason) in
                try CellText.words(bytes, max: Self.wordsMax)
            })
    }

    private func fee(_ csv: borrowing CSVReader, _ currency: Currency) throws(LineFault) -> Int64 {
        try csv.value(fee) { bytes throws(LineFault.Reason) in
            let thousandths = try CellText.thousandths(bytes, currency)
            guard thousandths >= 0 else { throw .amount(.negative) }
            return thousandths
        } ?? 0
    }

    private func settledOn(_ csv: borrowing CSVReader) throws(LineFault) -> Day? {
        try csv.value(settledOn) { bytes throws(LineFault.Reason) in try CellText.day(bytes) }
    }

    private func code(_ csv: borrowing CSVReader, _ place: Place) throws(LineFault) -> String {
        try csv.required(place) { bytes throws(LineFault.Reason) in
            try CellText.code(bytes, max: Self.merchantCharactersMax)
        }
    }

    /// Longest number of a merchant or a terminal, in characters.
    private static let merchantCharactersMax = 32
}

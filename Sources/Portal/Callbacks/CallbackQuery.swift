import RefundDesk
import RefundDomain
import Storage

/// What a notice is held against.
struct CallbackQuery: Sendable {
    let desk: Desk

    /// The account that an address names; nil when there is none of that channel.
    func accountID(_ channel: Channel, _ callbackName: String) async throws -> String? {
        try await desk.store.read { sql in
            try sql.row(
                """
                SELECT id
                FROM   channel_account
                WHERE  callback_name = $1
                AND    channel = $2
                """, [.text(callbackName), .text(channel.rawValue)])?.text("id")
        }
    }
}

import RefundDomain
import Vault
import Web

/// The first screen of the terminal: what to open and what to type.
struct DemoBanner {
    let settings: Settings
    /// The folder as it was given.
    let folder: String

    var text: String {
        let url = settings.origin.text
        return """

            The refund portal's demo is running.

              Ask for a refund     \(url)/
              Messages             \(url)/demo/messages     codes, links, and the staff's one-time codes
              Sign in as staff     \(url)/staff/sign-in

            Slips to look up (reference number, amount, last four digits where a card paid)
            \(slips)

            Sign-ins (address, password, one-time-code secret)
            \(people)

            Check the books      DATABASE_URL=sqlite:\(folder)/portal.sqlite KEYS_FILE=\(folder)/keys.json \
            \(program) verify
            Everything is kept in \(folder); delete it to start over. Stop with Ctrl-C.


            """
    }

    /// The program as it was called, so that the line can be copied.
    private var program: String { CommandLine.arguments.first ?? "refund-portal" }

    private var slips: String {
        DemoCast.slips.map { slip in
            "  \(slip.reference)   \(padded(slip.amount, 8))   \(slip.last4)   \(slip.about)"
        }.joined(separator: "\n")
    }

    private var people: String {
        DemoCast.people.map { person in
            "  \(padded(person.email, 28))\(padded(person.password, 26))\(Base32.encode(person.secret))"
        }.joined(separator: "\n")
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }
}

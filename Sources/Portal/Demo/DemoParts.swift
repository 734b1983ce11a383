public import Messages
public import Vault

/// What only the demo has: a page that shows messages and signs visitors' way in.
public struct DemoParts: Sendable {
    /// Somebody of the sample staff.
    public struct Person: Sendable {
        public let email: String
        public let password: String
        /// The one-time-code secret.
        public let secret: Secret

        public init(email: String, password: String, secret: Secret) {
            self.email = email
            self.password = password
            self.secret = secret
        }
    }

    /// Where messages are written.
    public let messages: MessageFolder
    public let people: [Person]

    public init(messages: MessageFolder, people: [Person]) {
        self.messages = messages
        self.people = people
    }
}

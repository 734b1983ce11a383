/// What `layout.mustache` shows around a cardholder's page. Views keep it as `frame`.
public struct Frame: Sendable, Hashable {
    /// The merchant's short name, or the portal's where no merchant is known yet.
    public let brand: String
    /// The address of this page in the other language, by ``LanguageChoice/switchAddress(_:to:)``.
    public let switchAddress: String

    public init(brand: String, switchAddress: String) {
        self.brand = brand
        self.switchAddress = switchAddress
    }

    public static let sample = Frame(brand: "山茶书店", switchAddress: "/find?lang=en")
}

/// What `staff-layout.mustache` shows around a staff page. Views keep it as `frame`.
public struct StaffFrame: Sendable, Hashable {
    /// One place of the navigation.
    public struct Area: Sendable, Hashable {
        public let name: String
        public let address: String
        /// Whether the page belongs to this area.
        public let isCurrent: Bool

        public init(name: String, address: String, isCurrent: Bool) {
            self.name = name
            self.address = address
            self.isCurrent = isCurrent
        }
    }

    public let brand: String
    /// Who is signed in, and as what.
    public let person: String
    public let role: String
    public let areas: [Area]
    public let switchAddress: String

    public init(brand: String, person: String, role: String, areas: [Area], switchAddress: String) {
        self.brand = brand
        self.person = person
        self.role = role
        self.areas = areas
        self.switchAddress = switchAddress
    }

    public static let sample = StaffFrame(
        brand: "山茶书店", person: "lin@example.com", role: "复核员",
        areas: [
            Area(name: "待办", address: "/merchant/queue", isCurrent: true),
            Area(name: "付款", address: "/merchant/payments", isCurrent: false),
        ],
        switchAddress: "/merchant/queue?lang=en")
}

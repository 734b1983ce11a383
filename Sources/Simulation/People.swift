import RefundDomain
import Storage

/// Who decided what, read from the record and not from the desk's own guards.
extension World {
    /// The rows of the transition table by which somebody decides.
    private static let decisions: Set<String> = ["R9", "R12", "R13", "R14", "R16", "R26"]
    private static let appeals: Set<String> = ["R17", "R18"]
    /// The rows by which somebody of the staff makes a case.
    private static let makings: Set<String> = ["R1", "R2", "R7", "R17", "R18", "R23"]

    /// What the record tells of one case so far.
    private struct Course {
        var number = ""
        /// Whoever decided since the case was sent.
        var deciders: Set<String> = []
        /// Whoever decided before the last appeal, and so may not decide after it.
        var excluded: Set<String> = []
        /// Whoever said the first yes of two, or made the offer that was accepted.
        var first: String?
        /// Whoever typed in, answered or appealed for the cardholder, or had the case opened again.
        var makers: Set<String> = []
    }

    /// Nobody decides who may not, nobody decides an appeal against themselves, and the second yes is somebody else's.
    func lookAtPeople() async throws {
        let faults = try await honest.read { sql in
            var courses: [String: Course] = [:]
            var faults: [String] = []
            try sql.each(
                """
                SELECT   event.object_id, event.transition, event.actor_id, event.role, refund_case.number
                FROM     event
                JOIN     refund_case
                ON       refund_case.id = event.object_id
                WHERE    event.object = 'case'
                AND      event.transition IS NOT NULL
                ORDER BY event.stream, event.number
                """
            ) { row in
                let id = try row.text("object_id")
                let number = try row.text("number")
                var course = courses[id] ?? Course(number: number)
                let fault = World.follow(
                    &course, try row.text("transition"), by: try row.textOrNil("actor_id"),
                    try row.textOrNil("role").flatMap(Role.init(rawValue:)))
                courses[id] = course
                if let fault { faults.append("\(course.number): \(fault)") }
            }
            return faults
        }
        for fault in faults { violation("people", fault) }
    }

    private static func follow(
        _ course: inout Course, _ transition: String, by person: String?, _ role: Role?
    ) -> String? {
        if appeals.contains(transition) { course.excluded.formUnion(course.deciders) }
        if makings.contains(transition), let person { course.makers.insert(person) }
        guard decisions.contains(transition), let person else { return nil }
        course.deciders.insert(person)
        defer { course.first = transition == "R12" || transition == "R9" ? person : nil }
        if transition == "R26" { return nil }
        if course.makers.contains(person) { return "\(transition) by one of the case's makers" }
        if transition == "R14" {
            if course.first == person { return "both yeses are one person's" }
        } else if role?.mayDecide != true {
            return "\(transition) by \(role?.rawValue ?? "nobody")"
        }
        return course.excluded.contains(person) ? "\(transition) by somebody who decided before the appeal" : nil
    }
}

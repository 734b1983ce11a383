/// Everything that is wrong with the configuration, each problem naming its variable and what to do.
struct SettingsFault: Error, Sendable, Equatable, CustomStringConvertible {
    struct Problem: Sendable, Equatable {
        let variable: String
        let advice: String
    }

    let problems: [Problem]

    init(_ problems: [Problem]) {
        self.problems = problems
    }

    init(_ variable: String, _ advice: String) {
        self.problems = [Problem(variable: variable, advice: advice)]
    }

    var description: String {
        problems.map { "\($0.variable): \($0.advice)" }.joined(separator: "\n")
    }
}

import HTTPTypes
public import Hummingbird

extension Router {
    /// Answers the methods that a path does not take with 405 and `Allow`. Call it after the last route is added.
    public func refuseOtherMethods() {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]
        let taken = Dictionary(grouping: routes, by: \.path.description)
        for described in taken.values {
            guard let path = described.first?.path else { continue }
            let own = described.map(\.method)
            var allowed = methods.filter(own.contains).map(\.rawValue)
            if own.contains(.get) { allowed.insert("HEAD", at: 1) }
            let answer = allowed
            for method in methods where !own.contains(method) {
                on(path, method: method) { _, _ -> Response in throw RequestFault.wrongMethod(allowed: answer) }
            }
        }
    }
}

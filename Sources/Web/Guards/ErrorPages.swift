import HTTPTypes
public import Hummingbird
import Logging

/// Turns everything that is thrown into an answer, so that nothing escapes the headers and the log around it.
public struct ErrorPages<Context: WebContext>: RouterMiddleware {
    /// Makes the page of an error, for example by ``ErrorView``.
    public typealias Render = @Sendable (ErrorAnswer, Request, Context) throws -> Response

    private let render: Render

    public init(render: @escaping Render) {
        self.render = render
    }

    /// Answers, with an error page for whatever was thrown. Never throws.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let answer = ErrorAnswer(error)
            if answer.isUnknown {
                context.logger.error(
                    "request failed", metadata: ["endpoint": "\(context.endpointPath ?? "none")", "error": "\(error)"])
            }
            return page(answer, request, context)
        }
    }

    private func page(_ answer: ErrorAnswer, _ request: Request, _ context: Context) -> Response {
        var response: Response
        do {
            response = try render(answer, request, context)
            response.status = answer.status
        } catch {
            context.logger.error("error page failed", metadata: ["error": "\(error)"])
            response = Response(status: answer.status)
        }
        answer.dress(&response)
        return request.method == .head ? response.createHeadResponse() : response
    }
}

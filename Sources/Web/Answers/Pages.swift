public import HTTPTypes
public import Hummingbird
public import NIOCore
public import Words

/// A page that has been rendered and compressed, ready to be sent any number of times.
public struct RenderedPage: Sendable {
    public let plain: ByteBuffer
    public let compressed: ByteBuffer?
    /// A strong entity tag with its quotes (RFC 9110, 8.8.3).
    public let entityTag: String
    public let language: Language

    init(_ html: String, language: Language) {
        plain = ByteBuffer(string: html)
        compressed = Gzip.compressed(plain, effort: .page)
        entityTag = "\"\(ContentHash.name(html.utf8))\""
        self.language = language
    }
}

/// Makes HTML answers out of views.
public struct Pages: Sendable {
    public let templates: Templates
    public let vocabulary: Vocabulary

    public init(templates: Templates, vocabulary: Vocabulary) {
        self.templates = templates
        self.vocabulary = vocabulary
    }

    /// A page as an answer: 200 for a page, 422 for a form that does not fit, 409 for one that went stale.
    public func html<V: View>(
        _ view: V, status: HTTPResponse.Status = .ok, caching: Caching = .noStore, to request: Request,
        in language: Language
    ) throws(TemplateFault) -> Response {
        answer(try rendered(view, in: language), status: status, caching: caching, to: request)
    }

    /// Renders a page once, for keeping while what it shows does not change.
    public func rendered<V: View>(_ view: V, in language: Language) throws(TemplateFault) -> RenderedPage {
        RenderedPage(try templates.render(view, in: language), language: language)
    }

    /// Sends a rendered page, or 304 when the browser has it already and the page may be kept.
    public func answer(
        _ page: RenderedPage, status: HTTPResponse.Status = .ok, caching: Caching, to request: Request
    ) -> Response {
        var headers = HTTPFields()
        caching.dress(&headers)
        if caching != .noStore, status == .ok {
            headers[.eTag] = page.entityTag
            if EntityTag.matches(page.entityTag, request.headers[values: .ifNoneMatch]) {
                return Response(status: .notModified, headers: headers)
            }
        }
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.contentLanguage] = page.language.tag
        if let compressed = page.compressed, Gzip.isAccepted(request.headers[.acceptEncoding]) {
            headers[.contentEncoding] = "gzip"
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: compressed))
        }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: page.plain))
    }

    /// 303 to a page of ours: what a form answers when it worked.
    ///
    /// - Parameter address: A path of the portal, made from parts that are safe in an address.
    public static func redirect(to address: String) -> Response {
        var headers = HTTPFields()
        headers[.location] = address
        headers[.cacheControl] = "no-store"
        return Response(status: .seeOther, headers: headers)
    }
}

/// Compares entity tags (RFC 9110, 13.1.2).
enum EntityTag {
    static func matches(_ tag: String, _ ifNoneMatch: [String]) -> Bool {
        ifNoneMatch.contains { value in
            value.split(separator: ",").contains { entry in
                let candidate = entry.drop { $0 == " " }.prefix { $0 != " " }
                return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
            }
        }
    }
}

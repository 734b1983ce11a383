import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore

/// The files that pages load, read once at start: style sheets as one, scripts as one, pictures each for itself.
///
/// Only what is in the list of kinds is served, under addresses that contain a hash of the content and may therefore be
/// kept for ever. Nothing is ever read from disk for a request.
public struct Assets: Sendable {
    /// Why the assets cannot be used. The server does not start with one of these.
    public enum Fault: Error, Sendable, Hashable {
        case noFolder(String)
        case tooLarge(String)
    }

    struct Asset: Sendable {
        let mediaType: String
        let plain: ByteBuffer
        let compressed: ByteBuffer?
        let hash: String
    }

    /// The largest asset, in bytes.
    static let bytesMax = 1024 * 1024
    /// The one style sheet and the one script that pages load.
    static let styleName = "css/portal.css"
    static let scriptName = "js/portal.js"

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "woff2": "font/woff2", "ico": "image/x-icon",
    ]

    private let assets: [String: Asset]

    /// Reads a folder with `css/`, `js/` and others.
    public static func load(folder: String) throws(Fault) -> Assets {
        var files: [String: [UInt8]] = [:]
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            guard isServed(path), let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else { continue }
            guard data.count <= bytesMax else { throw .tooLarge(path) }
            files[path] = Array(data)
        }
        guard !files.isEmpty else { throw .noFolder(folder) }
        return Assets(files: files)
    }

    /// Assets from bytes by name.
    public init(files: [String: [UInt8]]) {
        var served = files.filter { !$0.key.hasPrefix("css/") && !$0.key.hasPrefix("js/") }
        served[Assets.styleName] = Bundle.styles(files)
        served[Assets.scriptName] = Bundle.scripts(files)
        var assets: [String: Asset] = [:]
        for (name, bytes) in served {
            guard let mediaType = Assets.mediaTypes[Assets.suffix(name)] else { continue }
            let plain = ByteBuffer(bytes: bytes)
            assets[name] = Asset(
                mediaType: mediaType, plain: plain, compressed: Gzip.compressed(plain, effort: .asset),
                hash: ContentHash.name(bytes))
        }
        self.assets = assets
    }

    /// The address of an asset by its name below the folder, for example `css/portal.css`; nil when there is none.
    public func address(of name: String) -> String? {
        assets[name].map { "/assets/\($0.hash)/\(name)" }
    }

    /// Adds the routes of the assets.
    public func add(to routes: some RouterMethods<some RequestContext>) {
        for (name, asset) in assets {
            routes.get(RouterPath("/assets/\(asset.hash)/\(name)")) { request, _ in
                Assets.answer(asset, to: request)
            }
        }
    }

    private static func answer(_ asset: Asset, to request: Request) -> Response {
        var headers = HTTPFields()
        Caching.immutable.dress(&headers)
        headers[.contentType] = asset.mediaType
        guard let compressed = asset.compressed, Gzip.isAccepted(request.headers[.acceptEncoding]) else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.plain))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: compressed))
    }

    /// Whether a file has a kind of the list and no part of its path begins with a point.
    private static func isServed(_ path: String) -> Bool {
        mediaTypes[suffix(path)] != nil && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    private static func suffix(_ path: String) -> String {
        path.contains(".") ? path.split(separator: ".").last.map(String.init) ?? "" : ""
    }
}

/// Joins source files into the one file that pages load.
enum Bundle {
    /// All style sheets in the order of their names.
    static func styles(_ files: [String: [UInt8]]) -> [UInt8] {
        let names = files.keys.filter { $0.hasPrefix("css/") }.sorted()
        return Array(names.flatMap { (files[$0] ?? []) + [10] })
    }

    /// All behaviours, each in a block of its own, then `main.js`, which finds them by name in `behaviours`.
    static func scripts(_ files: [String: [UInt8]]) -> [UInt8] {
        let main = "js/main.js"
        let mark = "export default "
        var script = "const behaviours = {}\n"
        for path in files.keys.filter({ $0.hasPrefix("js/") && $0 != main }).sorted() {
            let source = String(decoding: files[path] ?? [], as: UTF8.self)
            let name = path.dropFirst("js/".count).dropLast(".js".count)
            script += "{\n" + source.replacing(mark, with: "behaviours[\"\(name)\"] = ") + "}\n"
        }
        return Array((script + String(decoding: files[main] ?? [], as: UTF8.self)).utf8)
    }
}

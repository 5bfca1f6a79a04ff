/// Paths to handlers. **Thread:** set up before the server listens, then the loop's.
///
/// A pattern is literal segments and `:name` segments, which match any one non-empty segment. Literal patterns are
/// looked at first. HEAD is answered as GET without its body, OPTIONS by the router itself; a known path asked with
/// another method is 405 with `Allow`, an unknown path 404.
public final class Router {
    public typealias Handler = (Request) -> Response

    private struct Route {
        let segments: [String]
        var handlers: [Method: Handler] = [:]
    }

    private var literal: [String: Route] = [:]
    private var patterned: [Route] = []
    /// Answers where no route matches; 404 unless replaced.
    public var notFound: Handler = { _ in .status(.notFound) }

    public init() {}

    /// Answers `method` at `pattern`. Giving the same pair twice stops the program.
    public func on(_ method: Method, _ pattern: String, _ handler: @escaping Handler) {
        precondition(pattern.first == "/", "a pattern begins with a slash")
        let segments = pattern.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        if !segments.contains(where: { $0.first == ":" }) {
            add(method, handler, to: &literal[pattern, default: Route(segments: segments)])
        } else if let index = patterned.firstIndex(where: { $0.segments == segments }) {
            add(method, handler, to: &patterned[index])
        } else {
            patterned.append(Route(segments: segments, handlers: [method: handler]))
        }
    }

    private func add(_ method: Method, _ handler: @escaping Handler, to route: inout Route) {
        precondition(route.handlers[method] == nil, "one handler for \(method) \(route.segments)")
        route.handlers[method] = handler
    }

    /// The answer to a request; a HEAD's still has the body that will not be sent.
    public func respond(to request: Request) -> Response {
        if request.method == .OPTIONS && request.path == "*" { return options(allow: Self.allow([.GET])) }
        guard let (route, parameters) = find(request.head.target) else { return notFound(request) }
        if let handler = route.handlers[request.method] ?? (request.method == .HEAD ? route.handlers[.GET] : nil) {
            if parameters.isEmpty { return handler(request) }
            var request = request
            request.parameters = parameters
            return handler(request)
        }
        let allow = Self.allow(route.handlers.keys)
        if request.method == .OPTIONS { return options(allow: allow) }
        var response = Response.status(.methodNotAllowed)
        response.headers["Allow"] = allow
        return response
    }

    private func options(allow: String) -> Response { Response(status: .noContent, headers: ["Allow": allow]) }

    private static func allow(_ methods: some Sequence<Method>) -> String {
        var all = Set(methods)
        all.insert(.OPTIONS)
        if all.contains(.GET) { all.insert(.HEAD) }
        return Method.allCases.filter(all.contains).map(\.rawValue).joined(separator: ", ")
    }

    private func find(_ target: RequestTarget) -> (Route, [String: String])? {
        if let route = literal[target.path], route.segments == target.segments { return (route, [:]) }
        for route in patterned {
            if let parameters = Self.match(route.segments, target.segments) { return (route, parameters) }
        }
        return nil
    }

    private static func match(_ pattern: [String], _ path: [String]) -> [String: String]? {
        guard pattern.count == path.count else { return nil }
        var parameters: [String: String] = [:]
        for (wanted, segment) in zip(pattern, path) {
            if wanted.first == ":" && !segment.isEmpty {
                parameters[String(wanted.dropFirst())] = segment
            } else if wanted != segment {
                return nil
            }
        }
        return parameters
    }

    /// Every route, one a line, for logs and documents.
    public var listing: [String] {
        (Array(literal.values) + patterned).map { route in
            "/" + route.segments.joined(separator: "/") + "  " + Self.allow(route.handlers.keys)
        }.sorted()
    }
}

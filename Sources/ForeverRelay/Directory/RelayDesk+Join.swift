import ForeverHTTP

/// `/relays/join` of a root: an invitation becomes a relay.
extension RelayDesk {
    func join(_ request: Request) -> Response {
        guard let asked = RelayJoin.Request(body: request.body) else {
            return .text("a field of the request is missing or wrong", status: .badRequest)
        }
        switch keys.redeem(asked, wallMilliseconds: service.loop.wallMilliseconds, using: &generator) {
        case .success(let reply): return .json(reply.body)
        case .failure(let refusal): return .text("\(refusal)", status: refusal.status)
        case nil:
            var response = Response.text("the list of relays cannot be written now", status: .serviceUnavailable)
            response.headers.add("Retry-After", "5")
            return response
        }
    }
}

import Foundation

/// One track's sound as it was sent: to be decoded, played and dropped. Nothing writes it anywhere.
public struct CloudSound: Sendable {
    public var bytes: [UInt8]
    /// The track as it was when its sound was fetched.
    public var track: CloudTrack
}

/// Fetching a track's sound.
extension CloudClient {
    /// Looks at the track again, then fetches its sound into memory.
    ///
    /// One call is one play of SoundCloud's daily 15 000, and as many more as addresses ran out meanwhile.
    /// **Errors:** `.refused` with the reason where it may not be had, `.cancelled` when `isCancelled` says so, or
    /// what went wrong.
    public func sound(of urn: CloudURN, isCancelled: () -> Bool = { false }) throws(CloudProblem) -> CloudSound {
        let ends = clock.wallSeconds + CloudLimits.soundSecondsMax
        let track = try track(urn)
        if let objection = settings.terms.objection(to: track) { throw .refused(.objection(objection)) }
        var assembly = SoundAssembly(try playlist(of: urn))
        while true {
            if isCancelled() { throw .cancelled }
            let now = clock.wallSeconds
            guard now < ends else { throw .unreachable("its sound did not come in time") }
            switch assembly.step(nowSeconds: now) {
            case .done: return CloudSound(bytes: assembly.bytes, track: track)
            case .renew: try assembly.renewed(try playlist(of: urn))
            case .fetch(let address):
                do throws(CloudProblem) {
                    try assembly.took(try media(address, bytesMax: CloudLimits.segmentBytesMax).body)
                } catch {
                    switch error {
                    case .signatureOver: assembly.signatureWasOver()
                    case .unreachable, .outage, .front, .tooFast, .notFound:
                        try assembly.failed()
                        clock.sleep(seconds: CloudClient.retrySeconds)
                    default: throw error
                    }
                }
            }
        }
    }

    /// Before a part is asked for again. **Units:** s.
    private static let retrySeconds = 0.5
    /// How often a playlist's address that is over already is asked for again.
    private static let staleTriesMax = 3

    /// The playlist of the best stream that there is, with addresses that are good now.
    private func playlist(of urn: CloudURN) throws(CloudProblem) -> HLSPlaylist {
        for _ in 0..<CloudClient.staleTriesMax {
            try keeper.countPlay()
            let streams: CloudStreams = try answer(settings.addresses.api("/tracks/\(urn)/streams"), at: .play)
            let address: String
            do throws(SoundRefusal) { address = try streams.choice() } catch { throw .refused(error) }
            guard let url = URL(string: address) else { throw .refused(.playlist("a broken address")) }
            let signed = try signedAddress(url)
            // Answers kept in front of the API have brought addresses that were over.
            if let end = CloudAddresses.expiry(of: signed), end <= clock.wallSeconds { continue }
            do throws(CloudProblem) {
                let reply = try media(signed, bytesMax: CloudLimits.playlistBytesMax)
                do throws(SoundRefusal) {
                    return try HLSPlaylist(String(decoding: reply.body, as: UTF8.self), base: signed)
                } catch { throw CloudProblem.refused(error) }
            } catch {
                if error != .signatureOver { throw error }
            }
        }
        throw .signatureOver
    }

    /// Where the address of a stream leads. It needs the token and gives the signed one, where none is needed; before
    /// November 2025 the first was the second.
    private func signedAddress(_ url: URL) throws(CloudProblem) -> URL {
        guard settings.addresses.isAPI(url) else { return url }
        let reply = try reply(url, at: .play)
        guard reply.isRedirect, let location = reply["location"],
            let target = URL(string: location, relativeTo: url)?.absoluteURL
        else { throw .malformed("a stream's address that leads nowhere") }
        return target
    }
}

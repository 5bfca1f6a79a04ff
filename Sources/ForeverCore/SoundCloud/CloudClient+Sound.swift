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
        let (format, playlist) = try stream(of: urn)
        var assembly = SoundAssembly(playlist)
        while true {
            if isCancelled() { throw .cancelled }
            let now = clock.wallSeconds
            guard now < ends else { throw .unreachable("its sound did not come in time") }
            switch assembly.step(nowSeconds: now) {
            case .done: return CloudSound(bytes: assembly.bytes, track: track)
            case .renew: try assembly.renewed(try stream(of: urn, only: format).playlist)
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

    /// The playlist of the best stream that can be had, with addresses that are good now.
    ///
    /// - only: the form that is here in part already
    private func stream(
        of urn: CloudURN, only wanted: CloudStreams.Format? = nil
    ) throws(CloudProblem) -> (format: CloudStreams.Format, playlist: HLSPlaylist) {
        asking: for _ in 0..<CloudClient.staleTriesMax {
            try keeper.countPlay()
            let streams: CloudStreams = try answer(settings.addresses.api("/tracks/\(urn)/streams"), at: .play)
            let choices: [(format: CloudStreams.Format, address: String)]
            do throws(SoundRefusal) { choices = try streams.choices(only: wanted) } catch { throw .refused(error) }
            var objection: CloudProblem?
            for (format, address) in choices {
                do throws(CloudProblem) {
                    return (format, try playlist(at: address))
                } catch {
                    if error == .signatureOver { continue asking }
                    // What is missing or encrypted in one form may be well in another.
                    guard error.consequence == .passOver else { throw error }
                    objection = objection ?? error
                }
            }
            if let objection { throw objection }
        }
        throw .signatureOver
    }

    private func playlist(at address: String) throws(CloudProblem) -> HLSPlaylist {
        guard let url = URL(string: address) else { throw .refused(.playlist("a broken address")) }
        let signed = try signedAddress(url)
        // Answers kept in front of the API have brought addresses that were over.
        if let end = CloudAddresses.expiry(of: signed), end <= clock.wallSeconds { throw .signatureOver }
        let reply = try media(signed, bytesMax: CloudLimits.playlistBytesMax)
        do throws(SoundRefusal) {
            return try HLSPlaylist(String(decoding: reply.body, as: UTF8.self), base: signed)
        } catch { throw .refused(error) }
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

import Foundation

/// Joins one track's sound from its parts, and says what to fetch next. Pure.
package struct SoundAssembly {
    package enum Step: Hashable {
        /// The part at this address.
        case fetch(URL)
        /// The addresses are over: ask for a new playlist.
        case renew
        case done
    }

    private var playlist: HLSPlaylist
    /// Parts that are here; 0 is the init part where there is one.
    private var partsDone = 0
    private var tries = 0
    private var renewals = 0
    private var needsRenewal = false
    package private(set) var bytes: [UInt8] = []

    package init(_ playlist: HLSPlaylist) { self.playlist = playlist }

    private var partCount: Int { playlist.segments.count + (playlist.initialPart == nil ? 0 : 1) }

    /// - Parameter nowSeconds: a part whose signature is over by then is not asked for.
    package func step(nowSeconds: Double) -> Step {
        if partsDone == partCount { return .done }
        if needsRenewal { return .renew }
        let first = playlist.initialPart == nil ? 0 : 1
        let address = partsDone < first ? playlist.initialPart! : playlist.segments[partsDone - first].address
        if let end = CloudAddresses.expiry(of: address), end <= nowSeconds { return .renew }
        return .fetch(address)
    }

    /// **Errors:** too much in all, or an empty part.
    package mutating func took(_ part: [UInt8]) throws(CloudProblem) {
        guard !part.isEmpty else { return try failed() }
        guard bytes.count + part.count <= CloudLimits.soundBytesMax else {
            throw .refused(.tooLarge("more than \(CloudLimits.soundBytesMax >> 20) MB of sound"))
        }
        bytes += part
        partsDone += 1
        tries = 0
    }

    /// A part came short or not at all: it is asked for again a few times.
    package mutating func failed() throws(CloudProblem) {
        tries += 1
        guard tries < CloudLimits.segmentTriesMax else { throw .unreachable("a part of the sound does not come") }
    }

    /// The signature was over.
    package mutating func signatureWasOver() { needsRenewal = true }

    /// Goes on with new addresses at the same part.
    ///
    /// **Errors:** renewed too often, or the new list is not the same sound.
    package mutating func renewed(_ fresh: HLSPlaylist) throws(CloudProblem) {
        renewals += 1
        guard renewals <= CloudLimits.renewalsMax else { throw .signatureOver }
        guard fresh.isSameSound(as: playlist) else { throw .malformed("the sound changed while it was fetched") }
        playlist = fresh
        needsRenewal = false
    }
}

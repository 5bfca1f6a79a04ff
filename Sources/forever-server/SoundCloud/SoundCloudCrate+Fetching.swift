import ForeverCodec
import ForeverCore
import ForeverMix
import Foundation

/// Fetching sounds, and what becomes of them.
extension SoundCloudCrate {
    func fetchNext(_ isStopped: () -> Bool) -> Bool {
        let besides = shelf.urns
        let uploaders = Set(besides.compactMap { shelf[$0]?.cloud.uploader?.name })
        let track = pool.next(
            besides: besides, uploaders: uploaders, nowSeconds: client.clock.wallSeconds,
            isNever: { [corrections = analyst.corrections] in corrections["\($0)"]?.neverPlay == true })
        guard let track else { return false }
        fetch(track.id, isStopped)
        return true
    }

    func fetch(_ urn: CloudURN, _ isStopped: () -> Bool) {
        do throws(CloudProblem) {
            let sound = try client.sound(of: urn, isCancelled: isStopped)
            succeeded(play: true)
            try take(sound, isStopped)
            refusalsInARow = 0
            widen(from: urn, nowSeconds: client.clock.wallSeconds)
        } catch {
            shelf.giveUp(urn)
            if error == .cancelled { return }
            let now = client.clock.wallSeconds
            if error.consequence == .passOver {
                passOver(urn, error)
            } else {
                // It may be this track alone that does not come: others are tried before it.
                pool.restShortly(urn, nowSeconds: now)
                asked.failed(urn, nowSeconds: now)
            }
            failed(error, nowSeconds: now)
        }
    }

    private func passOver(_ urn: CloudURN, _ problem: CloudProblem) {
        pool.rest(urn, nowSeconds: client.clock.wallSeconds)
        giveUp(urn)
        if !promisedURNs.contains(urn) { shelf.drop(urn) }
        refusalsInARow += 1
        say("SoundCloud: passed over: \(urn): \(problem)")
        guard refusalsInARow >= SoundCloudCrate.refusalsMax else { return }
        refusalsInARow = 0
        say(
            "SoundCloud: \(SoundCloudCrate.refusalsMax) tracks in a row were refused. Is the application's owner still "
                + "subscribed (Artist Pro), and may the tracks be played outside SoundCloud?")
        gate.failed(.front(status: 403), nowSeconds: client.clock.wallSeconds)
    }

    private func take(_ sound: CloudSound, _ isStopped: () -> Bool) throws(CloudProblem) {
        let track = Track(sound.track)
        let key = CloudShelf.contentKey(sound.track.id, sound.bytes)
        var item = CloudShelf.Item(
            track: track, cloud: sound.track, bytes: sound.bytes, analysis: nil, picture: nil,
            checkedSeconds: client.clock.wallSeconds)
        // A restart waits for it, and must not wait for the analysis too.
        if shelf.isWished(sound.track.id) { shelf.put(item) }
        let analysis: TrackAnalysis
        do {
            analysis = try analyst.analysis(
                ofBytes: sound.bytes, named: track.id, contentKey: key, keeps: client.settings.keepsData,
                isCancelled: isStopped)
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .malformed("sound that cannot be played: \(error)")
        }
        item.analysis = analysis
        item.picture = (try? client.picture(of: sound.track)) ?? nil
        shelf.put(item)
        // As it was put right by hand.
        var entry = CrateTrack(track, contentKey: key, stored: analyst)
        entry.sameSoundAs = twin(of: sound.track.id, analysis)
        crate.put(entry)
        pool.took(sound.track.id)
        // What the operator's rules keep out, or what sounds like another at hand, would only take the room of others.
        if let objection = crate.objection(to: track.id), !promisedURNs.contains(sound.track.id),
            objection == .never || !asked.urns.contains(sound.track.id)
        {
            withdraw(sound.track.id, "\(objection)")
        }
        // After a restart the mixer waits for what it knew.
        wanted.done()
    }

    /// The track at hand that sounds the same, whatever both are called. Nothing of it is kept.
    private func twin(of urn: CloudURN, _ analysis: TrackAnalysis) -> String? {
        shelf.urns.sorted { $0.name < $1.name }.first { other in
            guard other != urn, let known = shelf[other]?.analysis, crate["\(other)"]?.sameSoundAs == nil else {
                return false
            }
            return SoundTwins.areTheSame(analysis, known)
        }.map { "\($0)" }
    }
}

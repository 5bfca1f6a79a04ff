import ForeverCore
import ForeverMix
import ForeverRelay

/// `/all.json` and the `timeline` event: what plays at which position.
package struct TimelineJSON {
    package let epoch: Epoch
    package let format: StreamFormat
    package let stationName: String
    package let news: StationNews

    package init(epoch: Epoch, format: StreamFormat, stationName: String, news: StationNews) {
        self.epoch = epoch
        self.format = format
        self.stationName = stationName
        self.news = news
    }

    /// - Parameters:
    ///   - live: the live edge
    ///   - edge: the mixing edge
    ///   - onlyNow: only the track that sounds at the live edge
    package func value(
        live: StreamPosition, edge: StreamPosition, wallMilliseconds: Int64, onlyNow: Bool = false
    ) -> JSONValue {
        var entries = news.timeline.entries
        var transitions = news.timeline.transitions.filter { $0.fromIndex != nil }
        if onlyNow {
            let now = news.timeline.entry(at: format.sample(at: live))
            entries = entries.filter { $0.index == now?.index }
            transitions = []
        }
        return [
            "epoch": .string(epoch.description),
            "byteRate": .integer(format.byteRate),
            "bitrateKbps": .integer(Int64(format.bitrateKbps)),
            "sampleRateHz": .integer(Int64(StreamFormat.sampleRateHz)),
            "name": .string(stationName),
            "livePosition": .integer(live),
            "mixingEdgePosition": .integer(edge),
            "serverTimeMilliseconds": .integer(wallMilliseconds),
            "tracks": .array(entries.map(track)),
            "transitions": .array(transitions.map(transition)),
        ]
    }

    private func track(_ entry: MixEntry) -> JSONValue {
        let member = news.cast[entry.trackID]
        let track = member?.track
        return [
            "index": .integer(Int64(entry.index)),
            "id": .string(entry.trackID),
            "title": .string(track?.title ?? entry.trackID),
            "artist": .string(track?.artist ?? ""),
            "album": .text(track?.album),
            "genre": .text(track?.genre),
            "tempoBPM": member?.tempoBPM.map { .number(($0 * 100).rounded() / 100) } ?? .null,
            "key": .text(member?.key),
            "durationSeconds": .rounded(member?.durationSeconds ?? 0),
            "cover": track?.hasCover == true ? .string("/covers/\(entry.trackID)") : .null,
            "link": .text(track?.link),
            "uploader": .text(track?.credit?.uploader),
            "uploaderLink": .text(track?.credit?.uploaderLink),
            "source": .text(track?.credit?.source),
            "startPosition": position(entry.startFrame),
            "titlePosition": position(entry.titleFrame),
            "endPosition": position(entry.endFrame),
            "why": member?.reason.map(why) ?? .null,
        ]
    }

    private func why(_ reason: CastReason) -> JSONValue {
        let terms = (reason.leg?.terms ?? [:]).sorted { $0.key < $1.key }
        return [
            "words": .string(reason.words),
            "wish": .bool(reason.isWish),
            "cost": reason.leg.map { .rounded($0.cost) } ?? .null,
            "terms": .object(terms.map { JSONMember(name: $0.key, value: .rounded($0.value)) }),
            "relaxed": .array(reason.relaxed.map { .string("\($0)") }),
        ]
    }

    private func transition(_ transition: MixTransition) -> JSONValue {
        [
            "from": .count(transition.fromIndex),
            "to": .integer(Int64(transition.toIndex)),
            "kind": .string(transition.kind.rawValue),
            "startPosition": position(transition.startFrame),
            "endPosition": position(transition.endFrame),
            "reason": .string(transition.reason),
            "style": .text(transition.style?.rawValue),
            "expected": transition.expectedJSON,
            "report": news.reports.first { $0.toIndex == transition.toIndex }?.json ?? .null,
        ]
    }

    private func position(_ frame: Int64) -> JSONValue { .integer(max(0, format.position(ofSample: frame))) }
}

import ForeverHTTP

/// The head of every reply about the stream. Pure.
///
/// What players need was measured; see Docs/Relay.md. In short: the end of the connection is the end of the body, no
/// length, no ranges; `icy-name` and `icy-genre` always, else VLC never asks for titles; `icy-metaint` only when asked.
public enum StreamHeaders {
    /// A date that no cache takes for the future.
    public static let expired = "Mon, 26 Jul 1997 05:00:00 GMT"

    /// The head of a reply with sound.
    static func audio(
        _ profile: StationProfile, format: StreamFormat, metadataInterval: Int, stationURL: String
    ) -> HeaderFields {
        var fields = HeaderFields(reserving: 24)
        fields.add("Content-Type", StreamFormat.contentType)
        fields.add("Connection", "close")
        addNoCache(to: &fields)
        fields.add("X-Accel-Buffering", "no")
        fields.add("icy-name", short(profile.name))
        fields.add("icy-genre", short(profile.genre))
        fields.add("icy-description", short(profile.description))
        fields.add("icy-url", short(profile.url ?? stationURL))
        fields.add("icy-br", String(format.bitrateKbps))
        fields.add("icy-pub", "0")
        if metadataInterval > 0 { fields.add("icy-metaint", String(metadataInterval)) }
        return fields
    }

    /// Where the stream stands: the first byte of this reply, and live now.
    static func addPosition(_ position: StreamPosition, of feed: StreamFeed, to fields: inout HeaderFields) {
        fields.add("Forever-Epoch", feed.epoch.description)
        fields.add("Forever-Position", String(position))
        fields.add("Forever-Live", String(feed.live))
        fields.add("Forever-Byte-Rate", String(feed.format.byteRate))
    }

    static func addNoCache(to fields: inout HeaderFields) {
        fields.add("Cache-Control", "no-cache, no-store")
        fields.add("Pragma", "no-cache")
        fields.add("Expires", expired)
    }

    /// At most 256 bytes of a text, so that the whole head stays below the 4096 that Icecast relays can read.
    private static func short(_ text: String) -> String {
        guard text.utf8.count > 256 else { return text }
        var result = ""
        for character in text {
            guard result.utf8.count + character.utf8.count <= 256 else { break }
            result.append(character)
        }
        return result
    }
}

/// What kind of player a listener has: all that is kept of its `User-Agent`.
public enum AgentFamily: UInt8, CaseIterable, Sendable {
    case other, vlc, ffmpeg, mpv, mpg123, firefox, chrome, safari, browser, appleCoreMedia, sonos, icecast, curl
    case gstreamer

    /// How reports and pages name it.
    public var name: String {
        switch self {
        case .other: "other"
        case .vlc: "VLC"
        case .ffmpeg: "FFmpeg"
        case .mpv: "mpv"
        case .mpg123: "mpg123"
        case .firefox: "Firefox"
        case .chrome: "Chrome"
        case .safari: "Safari"
        case .browser: "other browser"
        case .appleCoreMedia: "AppleCoreMedia"
        case .sonos: "Sonos"
        case .icecast: "Icecast relay"
        case .curl: "curl"
        case .gstreamer: "GStreamer"
        }
    }

    public init?(name: String) {
        guard let family = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = family
    }

    /// The family that a `User-Agent` field speaks of; nil and what is not known are `other`.
    public init(userAgent: String?) {
        guard let text = userAgent?.utf8.prefix(Self.agentBytesMax) else {
            self = .other
            return
        }
        let words = Array(text)
        func has(_ word: StaticString) -> Bool { word.withUTF8Buffer { Self.contains(words, $0) } }
        // Whoever sends bytes to another says so in a word of its own; browsers all say that they are each other.
        if has("VLC") {
            self = .vlc
        } else if has("Sonos") {
            self = .sonos
        } else if has("mpv") {
            self = .mpv
        } else if has("Lavf") || has("FFmpeg") {
            self = .ffmpeg
        } else if has("mpg123") {
            self = .mpg123
        } else if has("AppleCoreMedia") {
            self = .appleCoreMedia
        } else if has("Icecast") {
            self = .icecast
        } else if has("curl/") {
            self = .curl
        } else if has("GStreamer") {
            self = .gstreamer
        } else if has("Mozilla/") {
            self =
                has("Firefox/") || has("FxiOS/")
                ? .firefox
                : has("Edg") || has("OPR/") || has("SamsungBrowser") || has("Vivaldi")
                    ? .browser
                    : has("Chrome/") || has("CriOS/") || has("Chromium/")
                        ? .chrome : has("Safari/") ? .safari : .browser
        } else {
            self = .other
        }
    }

    /// What stands further behind tells nothing.
    private static let agentBytesMax = 512

    private static func contains(_ text: [UInt8], _ word: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= word.count else { return false }
        for start in 0...(text.count - word.count) where text[start] == word[0] {
            if (0..<word.count).allSatisfy({ text[start + $0] == word[$0] }) { return true }
        }
        return false
    }
}

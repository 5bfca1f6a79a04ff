/// The addresses under which one track's sound can be had, and which of them is taken.
public struct CloudStreams: Decodable, Hashable, Sendable {
    public var aac160: String?
    public var aac96: String?
    public var mp3128: String?
    public var hasPreview: Bool

    public init(aac160: String? = nil, aac96: String? = nil, mp3128: String? = nil, hasPreview: Bool = false) {
        self.aac160 = aac160
        self.aac96 = aac96
        self.mp3128 = mp3128
        self.hasPreview = hasPreview
    }

    public init(from decoder: any Decoder) throws {
        let fields = try CloudFields(decoder)
        self.init(
            aac160: fields.link("hls_aac_160_url"), aac96: fields.link("hls_aac_96_url"),
            mp3128: fields.link("hls_mp3_128_url"),
            hasPreview: fields.text("preview_mp3_128_url") != nil || fields.text("http_preview_mp3_128_url") != nil)
    }

    /// A form in which the sound is offered, the best first.
    public enum Format: CaseIterable, Hashable, Sendable { case aac160, aac96, mp3128 }

    /// What is offered, the best first: AAC of 160 kbit/s, AAC of 96, MP3.
    ///
    /// - only: the one that a fetch began with, whose parts go with no other's
    /// **Errors:** `.previewOnly`, or `.noStreams` where nothing at all is offered.
    public func choices(only wanted: Format? = nil) throws(SoundRefusal) -> [(format: Format, address: String)] {
        let found = Format.allCases.compactMap { format -> (format: Format, address: String)? in
            guard wanted == nil || wanted == format, let address = self[format] else { return nil }
            return (format, address)
        }
        guard found.isEmpty else { return found }
        throw hasPreview ? .previewOnly : .noStreams
    }

    private subscript(format: Format) -> String? {
        switch format {
        case .aac160: aac160
        case .aac96: aac96
        case .mp3128: mp3128
        }
    }
}

/// Why a track's sound is not taken, whatever is tried.
public enum SoundRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// There are only 30 s of it.
    case previewOnly
    /// No address at all; protected tracks look so.
    case noStreams
    /// `METHOD` of an `EXT-X-KEY`: we never decrypt.
    case encrypted(method: String)
    /// Something that these playlists never hold.
    case playlist(String)
    /// Over one of `CloudLimits`.
    case tooLarge(String)
    /// An address outside SoundCloud's hosts.
    case foreignAddress(String)
    /// It may not play any more, now that it was looked at again.
    case objection(CloudTerms.Objection)

    public var description: String {
        switch self {
        case .previewOnly: "only a preview of 30 s is offered"
        case .noStreams: "no stream is offered"
        case .encrypted(let method): "its sound is encrypted (\(method))"
        case .playlist(let what): "its playlist is not one that we know: \(what)"
        case .tooLarge(let what): "too large: \(what)"
        case .foreignAddress(let host): "its sound is said to be at \(host), which is not SoundCloud's"
        case .objection(let objection): "\(objection)"
        }
    }
}

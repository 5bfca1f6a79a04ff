/// What a mix aims at. The same settings and decisions give the same sound; they belong to the epoch.
public struct MixSettings: Codable, Hashable, Sendable {
    /// Which form of the sound-making code these settings are for: raised whenever the same decisions would sound
    /// otherwise, so that what an earlier build played is not passed off as rendered again.
    public var soundVersion: Int
    /// Integrated loudness of every track in the mix. **Units:** LUFS.
    public var targetLoudness: Double
    /// What the limiter lets through. It leaves room for what MP3 coding adds, so that the decoded stream stays at or
    /// below -1 dBTP. **Units:** dBTP.
    public var ceilingDecibels: Double
    /// The most a quiet track is raised. **Units:** dB.
    public var gainDecibelsMax: Double
    /// How far either track may be pushed from its own tempo: 0.06 is 6 %.
    public var stretchLimit: Double
    /// Lengths of a beat-matched overlap to choose from, best first. **Units:** bars.
    public var overlapBars: [Int]
    /// The longest beat-matched overlap. **Units:** s.
    public var overlapSecondsMax: Double
    /// The least share of a track's sounding bars that plays alone between two overlaps.
    public var aloneShareMin: Double
    /// Beats before and after the overlap in which a tempo difference beyond one side's limit is taken up.
    public var rampBeats: Int
    /// Length of a plain fade, shortest and longest. **Units:** s.
    public var fadeSecondsMin: Double
    public var fadeSecondsMax: Double
    /// Below this the bass is handed over rather than summed. **Units:** Hz.
    public var bassSwapHertz: Double
    /// How long the bass takes to change hands. **Units:** s.
    public var bassSwapSeconds: Double
    /// Above this lies what is called treble. **Units:** Hz.
    public var trebleHertz: Double
    /// How long before a track's end the next one should be decided at the latest, so that no good place is missed.
    /// **Units:** s.
    public var decisionSeconds: Double

    public static let currentSoundVersion = 4

    public init(
        targetLoudness: Double = -16, ceilingDecibels: Double = -2.5, gainDecibelsMax: Double = 15,
        stretchLimit: Double = 0.06, overlapBars: [Int] = [16, 8, 4], overlapSecondsMax: Double = 40,
        aloneShareMin: Double = 0.5, rampBeats: Int = 16, fadeSecondsMin: Double = 6, fadeSecondsMax: Double = 16,
        bassSwapHertz: Double = 250, bassSwapSeconds: Double = 0.25, trebleHertz: Double = 2_500,
        decisionSeconds: Double = 100
    ) {
        soundVersion = MixSettings.currentSoundVersion
        self.targetLoudness = targetLoudness
        self.ceilingDecibels = ceilingDecibels
        self.gainDecibelsMax = gainDecibelsMax
        self.stretchLimit = stretchLimit
        self.overlapBars = overlapBars
        self.overlapSecondsMax = overlapSecondsMax
        self.aloneShareMin = aloneShareMin
        self.rampBeats = rampBeats
        self.fadeSecondsMin = fadeSecondsMin
        self.fadeSecondsMax = fadeSecondsMax
        self.bassSwapHertz = bassSwapHertz
        self.bassSwapSeconds = bassSwapSeconds
        self.trebleHertz = trebleHertz
        self.decisionSeconds = decisionSeconds
    }

    /// Settings that were written down before there was a sound version are of the first; what they do not name is as usual.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func value<T: Decodable>(_ key: CodingKeys, _ standard: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? standard
        }
        let usual = MixSettings()
        soundVersion = try value(.soundVersion, 1)
        targetLoudness = try value(.targetLoudness, usual.targetLoudness)
        ceilingDecibels = try value(.ceilingDecibels, usual.ceilingDecibels)
        gainDecibelsMax = try value(.gainDecibelsMax, usual.gainDecibelsMax)
        stretchLimit = try value(.stretchLimit, usual.stretchLimit)
        overlapBars = try value(.overlapBars, usual.overlapBars)
        overlapSecondsMax = try value(.overlapSecondsMax, usual.overlapSecondsMax)
        aloneShareMin = try value(.aloneShareMin, usual.aloneShareMin)
        rampBeats = try value(.rampBeats, usual.rampBeats)
        fadeSecondsMin = try value(.fadeSecondsMin, usual.fadeSecondsMin)
        fadeSecondsMax = try value(.fadeSecondsMax, usual.fadeSecondsMax)
        bassSwapHertz = try value(.bassSwapHertz, usual.bassSwapHertz)
        bassSwapSeconds = try value(.bassSwapSeconds, usual.bassSwapSeconds)
        trebleHertz = try value(.trebleHertz, usual.trebleHertz)
        decisionSeconds = try value(.decisionSeconds, usual.decisionSeconds)
    }

    /// What the limiter may let through so that the decoded MP3 stays at or below -1 dBTP: the fewer bits, the more coding
    /// adds to peaks. **Units:** dBTP.
    public static func ceilingDecibels(forBitrateKbps bitrate: Int) -> Double {
        switch bitrate {
        case 160...: -2.5
        case 96...: -3
        case 80...: -4
        default: -5
        }
    }

    /// The gain that brings a track of `loudness` to the target; none for silence.
    public func gainDecibels(forLoudness loudness: Double) -> Double {
        guard loudness.isFinite, loudness > -60 else { return 0 }
        return min(targetLoudness - loudness, gainDecibelsMax)
    }
}

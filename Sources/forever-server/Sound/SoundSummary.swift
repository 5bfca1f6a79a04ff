import ForeverCore
import ForeverMix

/// What is asked of a track's sound while an order is chosen. The crate holds it of every track, and the catalogue keeps it
/// beside the analysis, so that a start need not read analyses that are a hundred times as long.
package struct SoundSummary: Codable, Hashable, Sendable {
    /// Raised whenever the same analysis would give another summary; older ones are made anew.
    static let currentVersion = 1

    private var version = SoundSummary.currentVersion
    private var analysisVersion: Int
    /// **Units:** s.
    private var duration: Double
    private var tempo: Double?
    private var energy: Double
    private var danceability: Double
    /// Without the first coefficient, which is the level, which is the loudness again. **Units:** dB.
    private var timbre: [Double]
    package private(set) var profile: TransitionProfile

    package init(_ analysis: TrackAnalysis) {
        analysisVersion = analysis.analysisVersion
        duration = analysis.duration
        tempo = analysis.trusted.beats ? analysis.tempo : nil
        energy = analysis.energy
        danceability = analysis.danceability
        timbre = analysis.timbre.mean.dropFirst().map(Double.init)
        profile = TransitionProfile(analysis)
    }

    /// Whether it is what this program would make of the analysis.
    var isCurrent: Bool {
        version == SoundSummary.currentVersion && analysisVersion == TrackAnalysis.currentVersion
            && profile.version == TransitionProfile.currentVersion
    }

    /// What the tour knows of the track: its names, and tags where the sound says nothing sure.
    package func facts(of track: Track) -> TrackFacts {
        var facts = track.facts
        facts.duration = duration
        if let tempo { facts.tempo = tempo }
        if let key = profile.key { facts.key = KeyFact(tonic: key.tonic, mode: key.mode.rawValue) }
        facts.energy = energy
        facts.danceability = danceability
        facts.loudness = profile.loudness
        facts.timbre = timbre
        return facts
    }
}

extension CrateTrack.Knowledge {
    package init(_ track: Track, _ summary: SoundSummary) {
        self = .analysed(facts: summary.facts(of: track), profile: summary.profile)
    }
}

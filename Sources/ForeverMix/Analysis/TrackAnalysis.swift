/// What the mixer knows about a track's sound: the result of one pass over its samples.
///
/// A value: stored as JSON by content and `analysisVersion`, never edited in place. Times are seconds from the
/// track's first frame.
public struct TrackAnalysis: Codable, Hashable, Sendable {
    /// Raised whenever the same samples would give another result; older results are made anew.
    public static let currentVersion = 4

    public var analysisVersion: Int
    /// Frames in the track at 48 kHz.
    public var frameCount: Int64
    /// Beats a minute of the fitted grid; nil where no beat was found.
    public var tempo: Double?
    /// Beat times, ascending. **Units:** s.
    public var beats: [Double]
    /// The beats that begin a bar, ascending, a subset of `beats`. **Units:** s.
    public var downbeats: [Double]
    /// How long after the beats the attacks are steepest, where notes rise slowly; as a rule 0. **Units:** s.
    public var attackDelay: Double
    /// Beats in a bar.
    public var beatsPerBar: Int
    public var timeSignature: TimeSignature
    /// Bars and what sounds in them, phrases, sections, cue points.
    public var structure: TrackStructure
    public var key: MusicalKey?
    /// Where the track's A lies, within half a semitone of 440. **Units:** Hz.
    public var tuning: Double
    /// What is taken from every sample before anything else.
    public var dcOffset: DCOffset
    /// Integrated loudness, ITU-R BS.1770-4 with both gates. **Units:** LUFS; -70 for silence.
    public var loudness: Double
    /// Loudness range, EBU Tech 3342. **Units:** LU.
    public var loudnessRange: Double
    /// **Units:** dBTP.
    public var truePeak: Double
    /// Where sound begins and ends, the silence at both ends left out. **Units:** s.
    public var soundStart: Double
    public var soundEnd: Double
    /// Momentary loudness (400 ms), one value a `loudnessCurveHop`, the first centred at 0. **Units:** LUFS.
    public var loudnessCurve: [Float]
    /// Short-term loudness (3 s), one value a `shortTermCurveHop`, of the 3 s that end there. **Units:** LUFS.
    public var shortTermCurve: [Float]
    /// Clear note or drum attacks, ascending: anchors for time-stretching. **Units:** s.
    public var onsets: [Double]
    /// 0 calm ... 1 driving.
    public var energy: Double
    /// 0 ... 1.
    public var danceability: Double
    /// One row a beat.
    public var timbre: BeatTimbre
    public var waveform: WaveformOverview
    public var spectra: EndSpectra
    public var fingerprint: AcousticFingerprint
    public var confidence: Confidence
    public var trusted: Trusted

    /// Seconds between two values of `loudnessCurve`.
    public static let loudnessCurveHop = 0.5
    /// Seconds between two values of `shortTermCurve`.
    public static let shortTermCurveHop = 1.0

    /// How sure each result is, 0 ... 1.
    public struct Confidence: Codable, Hashable, Sendable {
        public var beats: Double
        public var downbeats: Double
        public var key: Double
        /// That phrases begin where they are said to.
        public var phrases: Double
        public init(beats: Double, downbeats: Double, key: Double, phrases: Double = 0) {
            self.beats = beats
            self.downbeats = downbeats
            self.key = key
            self.phrases = phrases
        }
    }

    /// The decisions made from the confidence: only what is trusted is beat-matched.
    public struct Trusted: Codable, Hashable, Sendable {
        public var beats: Bool
        public var downbeats: Bool
        public var key: Bool
        public var phrases: Bool
        public init(beats: Bool, downbeats: Bool, key: Bool, phrases: Bool = false) {
            self.beats = beats
            self.downbeats = downbeats
            self.key = key
            self.phrases = phrases
        }
    }

    /// Seconds in the track.
    public var duration: Double { AudioFormat.seconds(frameCount) }

    /// What is not given is empty, and the time signature that of `beatsPerBar`.
    public init(
        analysisVersion: Int = TrackAnalysis.currentVersion, frameCount: Int64, tempo: Double?, beats: [Double],
        downbeats: [Double], beatsPerBar: Int, timeSignature: TimeSignature? = nil, attackDelay: Double = 0,
        structure: TrackStructure = TrackStructure(), key: MusicalKey?, tuning: Double = 440,
        dcOffset: DCOffset = DCOffset(), loudness: Double,
        loudnessRange: Double = 0, truePeak: Double, soundStart: Double, soundEnd: Double, loudnessCurve: [Float],
        shortTermCurve: [Float] = [], onsets: [Double], energy: Double, danceability: Double,
        timbre: BeatTimbre = BeatTimbre(), waveform: WaveformOverview = WaveformOverview(),
        spectra: EndSpectra = EndSpectra(), fingerprint: AcousticFingerprint = AcousticFingerprint(),
        confidence: Confidence, trusted: Trusted
    ) {
        self.analysisVersion = analysisVersion
        self.frameCount = frameCount
        self.tempo = tempo
        self.beats = beats
        self.downbeats = downbeats
        self.attackDelay = attackDelay
        self.beatsPerBar = beatsPerBar
        self.timeSignature = timeSignature ?? TimeSignature(beatsPerBar: beatsPerBar)
        self.structure = structure
        self.key = key
        self.tuning = tuning
        self.dcOffset = dcOffset
        self.loudness = loudness
        self.loudnessRange = loudnessRange
        self.truePeak = truePeak
        self.soundStart = soundStart
        self.soundEnd = soundEnd
        self.loudnessCurve = loudnessCurve
        self.shortTermCurve = shortTermCurve
        self.onsets = onsets
        self.energy = energy
        self.danceability = danceability
        self.timbre = timbre
        self.waveform = waveform
        self.spectra = spectra
        self.fingerprint = fingerprint
        self.confidence = confidence
        self.trusted = trusted
    }
}

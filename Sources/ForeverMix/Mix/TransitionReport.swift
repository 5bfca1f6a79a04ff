/// What became of a transition: promised by the plan, then measured in the render.
public struct TransitionReport: Codable, Hashable, Sendable {
    /// Indexes of the entries that leave and come in.
    public var fromIndex: Int
    public var toIndex: Int
    public var style: TransitionStyle?
    public var expectation: TransitionExpectation?
    /// How far apart both tracks' attacks on common beats are; nil where no beat is claimed, or too few are heard on both sides.
    public var beats: BeatAgreement?
    /// Level after over level before, beyond what the two tracks have there by themselves; nil where that is not known, at a
    /// mix's ends, and where a side plays alone for less than three seconds, as the next two are. **Units:** LU.
    public var levelStep: Double?
    /// The quietest (loudest) three seconds of the overlap against the quieter (louder) side. **Units:** LU.
    public var dip: Double?
    public var bump: Double?
    /// How long both basses sound. **Units:** s.
    public var bassOverlapSeconds: Double
    /// The loudest two seconds of the overlap's bass, below 150 Hz, against the louder side's ten seconds; nil where a side
    /// plays alone too shortly to tell, and in reports of before. **Units:** dB.
    public var bassBump: Double?
    /// The largest change between the spectra of two seconds and the next two. **Units:** dB.
    public var spectralJump: Double?

    public init(
        fromIndex: Int, toIndex: Int, style: TransitionStyle?, expectation: TransitionExpectation? = nil,
        beats: BeatAgreement? = nil, levelStep: Double? = nil, dip: Double? = nil, bump: Double? = nil,
        bassOverlapSeconds: Double, bassBump: Double? = nil, spectralJump: Double? = nil
    ) {
        self.fromIndex = fromIndex
        self.toIndex = toIndex
        self.style = style
        self.expectation = expectation
        self.beats = beats
        self.levelStep = levelStep
        self.dip = dip
        self.bump = bump
        self.bassOverlapSeconds = bassOverlapSeconds
        self.bassBump = bassBump
        self.spectralJump = spectralJump
    }

    /// What a transition must not miss.
    public enum Bar: String, Codable, Hashable, Sendable, CaseIterable {
        case beatMedian, beatP95, beatMax, jitter, levelStep, dip, bump, bassOverlap, bassBump, spectralJump

        /// The limit. **Units:** ms, LU, s and dB.
        public var limit: Double {
            switch self {
            case .beatMedian: 8
            case .beatP95: 15
            case .beatMax: 25
            case .jitter: 4
            case .levelStep: 1
            case .dip: 3
            case .bump, .bassBump: 1.5
            case .bassOverlap: 2
            case .spectralJump: 8
            }
        }
    }

    /// The measured value that `bar` is about; nil where there is none.
    public func value(_ bar: Bar) -> Double? {
        switch bar {
        case .beatMedian: beats?.medianMilliseconds
        case .beatP95: beats?.p95Milliseconds
        case .beatMax: beats?.maxMilliseconds
        case .jitter: beats?.jitterMilliseconds
        case .levelStep: levelStep.map(abs)
        case .dip: dip.map { max(0, -$0) }
        case .bump: bump
        case .bassOverlap: bassOverlapSeconds
        case .bassBump: bassBump
        case .spectralJump: spectralJump
        }
    }

    /// Whether both tracks are on one beat and nothing can be said of how well: too few attacks are heard on both sides.
    public var isUnheard: Bool { style?.isBeatMatched == true && beats == nil }

    /// The bars it misses.
    public var misses: [Bar] { Bar.allCases.filter { bar in value(bar).map { $0 > bar.limit } ?? false } }
}

/// How a track is built: bars and what sounds in them, phrases, sections, and where to leave and to enter.
///
/// Of a track without clear beats, "bars" are stretches of two seconds, and there are no phrases and no cue points.
public struct TrackStructure: Codable, Hashable, Sendable {
    /// Whole bars in order. A pickup before the first downbeat belongs to none.
    public var bars: [Bar]
    /// Where phrases begin, ascending: each is 8 bars unless a section ends sooner. **Units:** s, each a bar's start.
    public var phrases: [Double]
    /// Phrases of 8, 16 and 32 bars: those of `phrases`, and which of them begin a longer one.
    public var phraseLevels: [PhraseLevel]
    /// Sections in order, end to end from the first sound to the last.
    public var sections: [Section]
    /// Where another track may begin to give way to this one, the best first.
    public var entries: [CuePoint]
    /// Where this track may begin to give way to another, the best first.
    public var exits: [CuePoint]

    public init(
        bars: [Bar] = [], phrases: [Double] = [], phraseLevels: [PhraseLevel] = [], sections: [Section] = [],
        entries: [CuePoint] = [], exits: [CuePoint] = []
    ) {
        self.bars = bars
        self.phrases = phrases
        self.phraseLevels = phraseLevels
        self.sections = sections
        self.entries = entries
        self.exits = exits
    }

    /// Reads what earlier versions kept too: they knew no longer phrases.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        bars = try container.decode([Bar].self, forKey: .bars)
        phrases = try container.decode([Double].self, forKey: .phrases)
        phraseLevels = try container.decodeIfPresent([PhraseLevel].self, forKey: .phraseLevels) ?? []
        sections = try container.decode([Section].self, forKey: .sections)
        entries = try container.decode([CuePoint].self, forKey: .entries)
        exits = try container.decode([CuePoint].self, forKey: .exits)
    }

    /// Phrases of one length.
    public struct PhraseLevel: Codable, Hashable, Sendable {
        /// 8, 16 or 32; one that a section's end cuts short has fewer.
        public var bars: Int
        /// Ascending. **Units:** s, each a bar's start.
        public var starts: [Double]
        /// That they begin there, 0 ... 1.
        public var confidence: Double

        public init(bars: Int, starts: [Double], confidence: Double) {
            self.bars = bars
            self.starts = starts
            self.confidence = confidence
        }
    }

    /// What sounds in a bar. All but `start` are 0 ... 1, in hundredths.
    public struct Bar: Codable, Hashable, Sendable {
        /// **Units:** s.
        public var start: Double
        /// Drum hits, against the bars with the most of them.
        public var drums: Double
        /// Notes below 200 Hz that last.
        public var bass: Double
        /// Sound that glides in pitch and changes its colour as voices do: singing, speech, also a soloing guitar.
        public var voice: Double
        /// Level, drums, bass and how much of the spectrum sounds, against the track's fullest bars.
        public var energy: Double

        public init(start: Double, drums: Double, bass: Double, voice: Double, energy: Double) {
            self.start = start
            self.drums = drums
            self.bass = bass
            self.voice = voice
            self.energy = energy
        }
    }

    /// A part of the track that is one to the ear.
    public struct Section: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Hashable, Sendable { case intro, build, main, breakdown, outro }
        public var kind: Kind
        /// **Units:** s.
        public var start: Double
        public var end: Double
        /// Mean of its bars' energies, 0 ... 1.
        public var energy: Double

        public init(kind: Kind, start: Double, end: Double, energy: Double) {
            self.kind = kind
            self.start = start
            self.end = end
            self.energy = energy
        }
    }

    /// A place for a transition to begin: the start of a phrase.
    public struct CuePoint: Codable, Hashable, Sendable {
        /// **Units:** s.
        public var seconds: Double
        /// How good the place is, 0 ... 1, to be compared within one track.
        public var score: Double

        public init(seconds: Double, score: Double) {
            self.seconds = seconds
            self.score = score
        }
    }
}

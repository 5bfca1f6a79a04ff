/// The sounds of one track: 16-bit samples one after the other, and where each sound lies.
///
/// 16 bits halve the memory of a bank (a few megabytes a track) at a noise 98 dB below full scale.
struct DemoBank: Sendable {
    struct Slice: Sendable {
        var offset: Int
        var count: Int
        /// What a stored sample is multiplied by to have a peak of 1 (one-shots) or an effective value of .25 (loops).
        var scale: Float
    }

    private(set) var samples: [Int16] = []
    private(set) var slices: [Slice] = []
    private var indices: [DemoVoice: Int] = [:]
    private let instruments: DemoInstruments

    init(instruments: DemoInstruments) {
        self.instruments = instruments
        samples.reserveCapacity(3_500_000)
    }

    /// The sound's slice, made now if it was not yet asked for.
    mutating func index(of voice: DemoVoice) -> Int {
        if let index = indices[voice] { return index }
        switch voice {
        case .padDark(let chord), .padBright(let chord):
            let pads = instruments.pads(chord: chord)
            store(pads.dark, as: .padDark(chord: chord))
            store(pads.bright, as: .padBright(chord: chord))
        default: store(instruments.samples(voice), as: voice)
        }
        return indices[voice]!
    }

    /// Frees what growing has reserved too much.
    mutating func seal() {
        let grown = samples
        samples = [Int16](unsafeUninitializedCapacity: grown.count) { target, written in
            written = target.initialize(fromContentsOf: grown)
        }
    }

    private mutating func store(_ sound: [Float], as voice: DemoVoice) {
        var sound = sound
        if !voice.isLoop {
            DemoFilter.apply(.highPass, 24, to: &sound)
            let release = min(sound.count, 480)
            for index in 0..<release { sound[sound.count - 1 - index] *= Float(index) / Float(release) }
        }
        var peak: Float = 1e-9
        var power = 0.0
        for sample in sound {
            peak = max(peak, abs(sample))
            power += Double(sample) * Double(sample)
        }
        let effective = Float((power / Double(max(1, sound.count))).squareRoot())
        let toInteger = 32_767 / peak
        let scale = voice.isLoop ? 0.25 / max(1e-9, effective) / toInteger : 1 / 32_767
        indices[voice] = slices.count
        slices.append(Slice(offset: samples.count, count: sound.count, scale: scale))
        samples.append(contentsOf: sound.lazy.map { Int16(($0 * toInteger).rounded()) })
    }
}

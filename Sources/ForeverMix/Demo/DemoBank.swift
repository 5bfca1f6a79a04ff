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
        for sample in sound { peak = max(peak, abs(sample)) }
        let toInteger = 32_767 / peak
        var scale: Float = 1 / 32_767
        if voice.isLoop {
            let power = sound.reduce(0) { $0 + Double($1) * Double($1) } / Double(sound.count)
            scale = 0.25 / max(1e-9, Float(power.squareRoot())) / toInteger
        }
        indices[voice] = slices.count
        slices.append(Slice(offset: samples.count, count: sound.count, scale: scale))
        append(sound, times: toInteger)
    }

    /// Rounds to the nearest integer: adding 1.5 * 2^23 leaves it in the low bits, many samples at a time.
    private mutating func append(_ sound: [Float], times factor: Float) {
        let rounded = [Int16](unsafeUninitializedCapacity: sound.count) { target, count in
            sound.withUnsafeBufferPointer { sound in
                for index in 0..<sound.count {
                    let bits = (sound[index] * factor + 12_582_912).bitPattern
                    target[index] = Int16(truncatingIfNeeded: bits)
                }
            }
            count = sound.count
        }
        samples += rounded
    }

    /// Memory of the samples.
    var bytes: Int { samples.capacity * MemoryLayout<Int16>.stride }
}

/// The bins of both channels.
struct StereoSpectrum {
    let left = ChannelSpectrum()
    let right = ChannelSpectrum()

    /// The energy of both channels in every bin.
    func writePower(into power: UnsafeMutablePointer<Float>) {
        let (a, b) = (left.re.pointer, left.im.pointer)
        let (c, d) = (right.re.pointer, right.im.pointer)
        for k in 0..<PhaseVocoder.binCount {
            power[k] = a[k] * a[k] + b[k] * b[k] + c[k] * c[k] + d[k] * d[k]
        }
    }
}

/// The bins of one channel.
struct ChannelSpectrum {
    let re = FloatBlock(PhaseVocoder.binCount)
    let im = FloatBlock(PhaseVocoder.binCount)

    /// Bin `k` times the conjugate of the other's.
    func timesConjugate(of other: ChannelSpectrum, _ k: Int) -> (re: Float, im: Float) {
        let (a, b) = (re.pointer[k], im.pointer[k])
        let (c, d) = (other.re.pointer[k], other.im.pointer[k])
        return (a * c + b * d, b * c - a * d)
    }
}

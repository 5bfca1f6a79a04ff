/// What can be faded on its own in an arrangement.
enum DemoLayer: Int, CaseIterable, Sendable {
    case kick, snare, hats, shaker, percussion, ride, bass, keys, pad, arpeggio, lead
}

/// A stretch of whole phrases in which the same layers play.
struct DemoSection: Hashable, Sendable {
    /// A value that moves evenly from the section's start to its end, 0 ... 1.
    struct Ramp: Hashable, Sendable {
        var from: Double
        var to: Double
        init(_ from: Double, _ to: Double) { (self.from, self.to) = (from, to) }
        init(_ constant: Double) { self.init(constant, constant) }
        /// At `part` of the section, 0 ... 1.
        func value(at part: Double) -> Double { from + (to - from) * part }
    }

    var bars: Int
    /// By `DemoLayer.rawValue`.
    private var levels = [Ramp](repeating: Ramp(0), count: DemoLayer.allCases.count)
    /// 0: everything filtered dark ... 1: open.
    var shade: Ramp
    /// Whether the answering progression plays, not the main one.
    var answers = false
    var opensWithCrash = false
    var closesWithFill = true
    /// Bars at the end over which noise and a snare roll rise into the next section.
    var riseBars = 0

    init(bars: Int, shade: Ramp, _ levels: [(DemoLayer, Ramp)]) {
        self.bars = bars
        self.shade = shade
        for (layer, ramp) in levels { self.levels[layer.rawValue] = ramp }
    }

    subscript(layer: DemoLayer) -> Ramp {
        get { levels[layer.rawValue] }
        set { levels[layer.rawValue] = newValue }
    }

    /// Whether the layer is heard at all.
    func has(_ layer: DemoLayer) -> Bool { self[layer].from > 0 || self[layer].to > 0 }
}

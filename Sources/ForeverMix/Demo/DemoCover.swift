import Foundation

/// Pictures of tracks: a sunset of discs and waves in the track's own colours.
enum DemoCover {
    /// An SVG of 512 x 512.
    static func picture(score: DemoScore) -> String {
        var random = DemoRandom(seed: score.seed, stream: 5)
        // The key gives the hue, round the circle of fifths; a minor key is deeper.
        let hue = score.key.pitchClass * 7 % 12 * 30 + random.integer(-8...8)
        let isMinor = score.key.mode == .minor
        let other = hue + random.pick([35, 60, 150, 180, 210])
        var shapes = ""
        let discX = random.integer(120...390)
        let discY = random.integer(130...300)
        for ring in 0..<random.integer(3...6) {
            let radius = 150 - ring * 24
            shapes +=
                "<circle cx=\"\(discX)\" cy=\"\(discY)\" r=\"\(radius)\" fill=\"hsl(\(other),70%,\(55 + ring * 5)%)\" fill-opacity=\".22\"/>"
        }
        for wave in 0..<random.integer(3...5) {
            let base = 300 + wave * 48
            let height = random.integer(20...70)
            let turns = score.bass.notes.count % 4 + 1
            var path = "M0 512"
            for point in 0...32 {
                let angle = Double(point) / 32 * Double(turns) * 2 * Double.pi + Double(wave) * 1.7
                path += "L\(point * 16) \(base + Int((sin(angle) * Double(height)).rounded()))"
            }
            shapes +=
                "<path d=\"\(path)L512 512Z\" fill=\"hsl(\(hue + wave * 9),\(isMinor ? 45 : 60)%,\(isMinor ? 34 - wave * 6 : 52 - wave * 8)%)\" fill-opacity=\".8\"/>"
        }
        let sky =
            "<linearGradient id=\"s\" x2=\"0\" y2=\"1\"><stop stop-color=\"hsl(\(hue),50%,\(isMinor ? 16 : 32)%)\"/>"
            + "<stop offset=\"1\" stop-color=\"hsl(\(other),65%,\(isMinor ? 42 : 66)%)\"/></linearGradient>"
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\"><defs>\(sky)</defs>"
            + "<rect width=\"512\" height=\"512\" fill=\"url(#s)\"/>\(shapes)</svg>"
    }
}

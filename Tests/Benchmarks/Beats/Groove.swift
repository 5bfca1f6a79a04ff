/// What a kind of music plays in a bar or two: a row of steps for each instrument, a digit how hard, a dot a rest, a
/// bar line between bars.
struct Groove {
    enum Drum: String, CaseIterable { case kick, snare, clap, hat, openHat, ride, shaker, rim, tom, crash }

    var name: String
    /// As in the table of Docs/Analysis.md.
    var group: String
    var signature = "4/4"
    var beatsPerBar = 4
    /// Steps in a bar: 16 straight, 12 in triplets.
    var steps = 16
    /// Range of tempi and of how late every second step comes, as a share of two steps.
    var tempo: ClosedRange<Double>
    var swing: ClosedRange<Double> = 0.5...0.5
    /// How far hits stray, as players do. **Units:** ms.
    var looseness = 0.0
    var drums: [Drum: String]
    var bass: String
    var chords: String
    /// How far the kick pushes everything else down.
    var ducking = 0.0

    /// The strength of each step, bar after bar.
    static func strengths(_ row: String) -> [[Double]] {
        row.split(separator: "|").map { bar in bar.map { Double($0.wholeNumberValue ?? 0) / 9 } }
    }

    static let all: [Groove] = fourFloor + broken + band + jazz + triple

    private static let fourFloor: [Groove] = [
        Groove(
            name: "house", group: "four_floor", tempo: 118...128,
            drums: [
                .kick: "9...9...9...9...", .clap: "....8.......8...", .openHat: "..7...7...7...7.",
                .hat: "4.4.4.4.4.4.4.45",
            ], bass: "7.....7...7..7..|7.....7...7...77", chords: "..7..7....7..7..", ducking: 0.5),
        Groove(
            name: "deep house", group: "four_floor", tempo: 114...124, swing: 0.5...0.56,
            drums: [
                .kick: "9...9...9...9...", .rim: "...5..5....5..5.", .shaker: "4262426242624262",
                .openHat: "..5...5...5...5.", .clap: "....6.......6...",
            ], bass: "8..8....7.8.....|8..8....7...8.7.", chords: "7......7........", ducking: 0.4),
        Groove(
            name: "techno", group: "four_floor", tempo: 126...142,
            drums: [
                .kick: "9...9...9...9...", .hat: "..7...7...7...7.", .ride: "5.5.5.5.5.5.5.5.",
                .tom: "...5..4....5..6.|..4...5....5.6..", .clap: "............7...",
            ], bass: ".67..67..67..67.", chords: "...7............", ducking: 0.6),
        Groove(
            name: "trance", group: "four_floor", tempo: 132...142,
            drums: [
                .kick: "9...9...9...9...", .openHat: "..8...8...8...8.", .clap: "....8.......8...",
                .hat: "3535353535353535",
            ], bass: "..78..78..78..78", chords: "7..7..7..7..7.7.", ducking: 0.6),
        Groove(
            name: "disco", group: "four_floor", tempo: 108...126, looseness: 3,
            drums: [
                .kick: "9...9...9...9...", .snare: "....8.......8...", .openHat: "..8...8...8...8.",
                .hat: "6.4.6.4.6.4.6.4.",
            ], bass: "8.6.8.6.8.6.8.66", chords: "..6...6...6..66."),
    ]

    private static let broken: [Groove] = [
        Groove(
            name: "breakbeat", group: "broken", tempo: 118...138,
            drums: [
                .kick: "9.9.......9..9..|9.9....9..9.....", .snare: "....9..4....9...|....9..4.4..9..4",
                .hat: "7.5.7.5.7.5.7.5.",
            ], bass: "8.....8...8.....|8..8......8.8...", chords: "7.........7....."),
        Groove(
            name: "drum & bass", group: "broken", tempo: 165...178,
            drums: [
                .kick: "9.........9.....|9.....9...9.....", .snare: "....9.......9...", .hat: "7.5.7.5.7.5.7.5.",
                .shaker: "2323232323232323",
            ], bass: "9.....9.........|9.........9.9...", chords: "7..............."),
        Groove(
            name: "half-time", group: "broken", tempo: 136...146,
            drums: [
                .kick: "9.........5.....|9.....6.........", .snare: "........9.......", .hat: "6.5.6.5.6.5.6.5.",
                .rim: "......4......4..",
            ], bass: "9...7...9.7.7...|9..7..7.9.......", chords: "7..............."),
        Groove(
            name: "trap", group: "broken", tempo: 132...150,
            drums: [
                .kick: "9.....8.........|9.........8..7..", .clap: "........9.......",
                .hat: "6.6.6.6.6.6.6666|6.6.666.6.6.6.66",
            ], bass: "9.....8.........|9.........8.....", chords: "7..............."),
        Groove(
            name: "hip-hop", group: "broken", tempo: 80...98, swing: 0.5...0.62, looseness: 6,
            drums: [
                .kick: "9......7..9.....|9......7..9..6..", .snare: "....9.......9...", .hat: "7.5.7.5.7.5.7.5.",
            ], bass: "8......7..8.....|8......7..8.7...", chords: "7.......6......."),
        Groove(
            name: "reggaeton", group: "broken", tempo: 86...102,
            drums: [
                .kick: "9...9...9...9...", .snare: "...8..8....8..8.", .hat: "5.5.5.5.5.5.5.5.",
            ], bass: "8..7..7.8..7..7.", chords: "7.......7......."),
        Groove(
            name: "garage", group: "broken", tempo: 128...136, swing: 0.54...0.6,
            drums: [
                .kick: "9.........8.....|9.....7...8.....", .snare: "....9.......9...", .hat: "5.76.5765.76.576",
                .rim: "..4....4.4....4.",
            ], bass: "8..7......8..7..|8.....7...8.....", chords: "..7..7....7....."),
    ]

    private static let band: [Groove] = [
        Groove(
            name: "rock", group: "band", tempo: 96...142, looseness: 5,
            drums: [
                .kick: "9.....7.9.......|9.....7.9.7.....", .snare: "....9.......9...", .hat: "7.5.7.5.7.5.7.5.",
            ], bass: "8.7.7.7.8.7.7.7.", chords: "7.......6..6...."),
        Groove(
            name: "pop", group: "band", tempo: 88...124, looseness: 4,
            drums: [
                .kick: "9.......9.7.....", .snare: "....9.......9...", .hat: "6.4.6.4.6.4.6.4.",
                .shaker: "3232323232323232",
            ], bass: "8.....7.8.......|8.....7.8...7...", chords: "7...6...7...6..."),
        Groove(
            name: "funk", group: "band", tempo: 94...112, looseness: 5,
            drums: [
                .kick: "9..5..7...9.....|9..5..7...9..7..", .snare: "....9..3.3..9...|....9..3.3..9..4",
                .hat: "6454645464546454",
            ], bass: "9..7..7.....7.7.|9..7..7...7.7.7.", chords: "..6..6.6..6..6.."),
        Groove(
            name: "ballad", group: "band", tempo: 62...80, looseness: 8,
            drums: [
                .kick: "9.......7..5....", .snare: "....8.......8...", .hat: "5.4.5.4.5.4.5.4.",
            ], bass: "8.......8.....6.", chords: "7.5.6.5.7.5.6.5."),
        Groove(
            name: "ska", group: "band", tempo: 140...170, looseness: 4,
            drums: [
                .kick: "9.......9.......", .snare: "....8.......8...", .hat: "6.6.6.6.6.6.6.6.",
            ], bass: "8...7...8...7...", chords: "..8...8...8...8."),
    ]

    private static let jazz: [Groove] = [
        Groove(
            name: "swing", group: "jazz", steps: 12, tempo: 112...176, looseness: 7,
            drums: [
                .ride: "8..7.58..7.5", .hat: "...7.....7..", .kick: "4..3..4..3..", .snare: ".....3......|........4..3",
            ], bass: "8..7..8..7..", chords: "7......5....|...6....6..."),
        Groove(
            name: "bossa", group: "jazz", tempo: 112...142, looseness: 5,
            drums: [
                .kick: "8..58...8..58...", .rim: "7..7..7...7..7..", .shaker: "5353535353535353",
            ], bass: "8.....7.8.....7.", chords: "6..6..6...6..6.."),
    ]

    private static let triple: [Groove] = [
        Groove(
            name: "waltz", group: "triple", signature: "3/4", beatsPerBar: 3, steps: 12, tempo: 92...168, looseness: 5,
            drums: [.kick: "9...........", .snare: "....6...6...", .hat: "5...5...5...|5...5...5.5."],
            bass: "8...........|8.......6...", chords: "....7...7..."),
        Groove(
            name: "six-eight", group: "triple", signature: "6/8", beatsPerBar: 2, steps: 12, tempo: 54...82,
            looseness: 5,
            drums: [.kick: "9.........5.", .snare: "......9.....", .hat: "7.5.5.7.5.5."], bass: "8.......6.6.",
            chords: "7.5.5.6.5.5."),
        Groove(
            name: "shuffle", group: "triple", steps: 12, tempo: 98...136, looseness: 4,
            drums: [.kick: "9.....9..7..", .snare: "...9.....9..", .hat: "7.57.57.57.5"], bass: "8.67.68.67.6",
            chords: "7..5..7..5.."),
        Groove(
            name: "schaffel", group: "triple", steps: 12, tempo: 122...136,
            drums: [.kick: "9..9..9..9..", .clap: "...8.....8..", .hat: "..6..6..6..6"], bass: "8.68.68.68.6",
            chords: "7.....7..6..", ducking: 0.4),
    ]
}

extension KeyFact {
    /// Reads a key as people and programs write it: "A minor", "Am", "F#m", "Eb", "e flat maj", Camelot ("8A"),
    /// Open Key ("1m", "6d"), Traktor's and Mixxx's forms. nil for anything else ("o", "off key", "12C").
    public init?(written text: String) {
        let plain = text.lowercased().replacing("♯", with: "#").replacing("♭", with: "b")
            .replacing(" sharp", with: "#").replacing(" flat", with: "b").filter { $0 != " " && $0 != "_" }
        if let wheel = KeyFact.onWheel(plain) {
            self = wheel
            return
        }
        guard let letter = plain.first, ("a"..."g").contains(letter) else { return nil }
        var rest = plain.dropFirst()
        var tonic = letter.uppercased()
        if let sign = rest.first, sign == "#" || sign == "b" {
            tonic.append(sign)
            rest = rest.dropFirst()
        }
        // A capital M after the note is the sign of major keys.
        if rest == "m", text.hasSuffix("M") { rest = "" }
        switch rest {
        case "", "maj", "major", "dur", "-major", "-maj": self.init(tonic: tonic, mode: "major")
        case "m", "min", "minor", "moll", "-minor", "-min": self.init(tonic: tonic, mode: "minor")
        default: return nil
        }
    }

    /// Camelot's 8B and Open Key's 1d are C major; both wheels turn in fifths.
    private static func onWheel(_ text: String) -> KeyFact? {
        guard let kind = text.last, let hour = Int(text.dropLast()), (1...12).contains(hour),
            text.first != "+"
        else { return nil }
        let fifths: Int
        switch kind {
        case "a", "b": fifths = hour + 4
        case "m", "d": fifths = hour - 1
        default: return nil
        }
        let majors = ["C", "G", "D", "A", "E", "B", "F#", "C#", "Ab", "Eb", "Bb", "F"]
        let minors = ["A", "E", "B", "F#", "C#", "G#", "Eb", "Bb", "F", "C", "G", "D"]
        let isMinor = kind == "a" || kind == "m"
        return KeyFact(tonic: (isMinor ? minors : majors)[fifths % 12], mode: isMinor ? "minor" : "major")
    }
}

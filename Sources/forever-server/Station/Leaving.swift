/// How what plays is left for what comes next.
enum Leaving {
    /// Where its music ends.
    case inTime
    /// At the first good place.
    case soon
    /// At once: its sound was lost, and every moment of waiting is silence.
    case lost
}

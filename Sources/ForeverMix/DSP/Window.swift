import Foundation

/// Window functions as tables.
public enum Window {
    /// The periodic Hann window of `size` points: shifted by half its size, two of them sum to 1.
    public static func hann(_ size: Int) -> [Float] {
        (0..<size).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size))) }
    }
}

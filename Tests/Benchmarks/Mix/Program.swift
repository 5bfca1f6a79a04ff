import ForeverMix
import Foundation

/// `bench-mix`: what stretching and mixing cost, and one stretch for tools that compare.
enum Program {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            switch arguments.first {
            case "speed": try Speed.measure()
            case "stretch" where arguments.count == 4:
                try StretchFile(source: arguments[1], map: arguments[3]).write(to: arguments[2])
            default:
                print("bench-mix speed | bench-mix stretch IN.f32 OUT.f32 MAP")
                return 2
            }
            return 0
        } catch {
            print("bench-mix: \(error)")
            return 1
        }
    }
}

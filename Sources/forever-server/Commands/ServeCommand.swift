import ForeverHTTP
import ForeverRelay
import Foundation

/// `forever-server [serve]`: the station.
struct ServeCommand {
    private let settings: StationSettings

    init(_ options: OptionValues) throws(OptionError) {
        settings = try StationSettings(options)
    }

    func run() -> Int32 {
        guard DataFolder.make(settings.files.folder) else {
            Program.say("forever-server: cannot write into the folder \(settings.files.folder)")
            return 1
        }
        DescriptorLimit.raise()
        do {
            return try Station(settings).run()
        } catch {
            Program.say("forever-server: \(error)")
            return 1
        }
    }
}

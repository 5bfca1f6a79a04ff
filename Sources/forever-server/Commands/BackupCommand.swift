import ForeverCatalogue
import ForeverRelay

/// `forever-server backup OUT` and `restore FILE`: what the station remembers, while it runs.
struct BackupCommand {
    private let files: DataFiles
    private let file: String
    private let restores: Bool

    init(_ options: OptionValues) throws(OptionError) {
        files = DataFiles(options)
        restores = options.command == "restore"
        guard options.arguments.count == 1 else {
            throw OptionError(
                restores ? "restore takes one file, a backup" : "backup takes one file, which it writes")
        }
        file = options.arguments[0]
    }

    func run() -> Int32 {
        do throws(CatalogueError) {
            if restores {
                guard DataFolder.make(files.folder) else {
                    throw .file(path: files.folder, reason: "cannot be written")
                }
                try CatalogueBackup.restore(file, to: files.catalogue)
                Terminal.line("\(files.catalogue) holds again what \(file) holds")
            } else {
                try CatalogueBackup.write(files.catalogue, to: file)
                Terminal.line("\(file) holds what \(files.catalogue) holds")
            }
            return 0
        } catch {
            Program.say("forever-server \(restores ? "restore" : "backup"): \(error)")
            return 1
        }
    }
}

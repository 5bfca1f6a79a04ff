import ForeverCore
import ForeverRelay
import Glibc

/// `--soundcloud FILE` and what the environment says in its place.
enum SoundCloudOption {
    static let specification = OptionSpecification(
        "soundcloud", .text, placeholder: "FILE",
        help: "play from SoundCloud, as this file says; read Docs/SoundCloud.md before")

    /// Refused wherever sound would be kept: SoundCloud is heard live or not at all.
    static let refusal = OptionSpecification(
        "soundcloud", .text, placeholder: "FILE", help: "refused here: nothing from SoundCloud may be recorded")

    /// nil where SoundCloud is off.
    ///
    /// **Errors:** what is wrong with the file; the notice, where its terms are not accepted.
    static func settings(_ options: OptionValues) throws(OptionError) -> CloudSettings? {
        let environment = DataFolder.environment()
        let path = options.text("soundcloud")
        guard isOn(path, environment) else { return nil }
        var bytes: [UInt8]?
        if let path {
            guard let found = DataFolder.contents(of: path, bytesMax: CloudLimits.fileBytesMax) else {
                throw OptionError("--soundcloud: cannot read \(path)")
            }
            bytes = found
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
                Program.say("\(path) holds a secret and can be read by others: chmod 600 \(path)")
            }
        }
        let settings: CloudSettings
        do throws(CloudSettingsError) {
            settings = try CloudSettings(file: bytes, environment: environment)
        } catch {
            throw OptionError("--soundcloud: \(path.map { "\($0): " } ?? "")\(error)")
        }
        guard settings.hasAcceptedTerms else {
            throw OptionError(
                "\(CloudTerms.notice)\nWhoever has read this and takes it on writes \"acceptTerms\": true into the file"
                    + " (or \(CloudSettings.acceptTermsVariable)=true), and starts again.")
        }
        return settings
    }

    /// A file, or an id in the environment.
    private static func isOn(_ path: String?, _ environment: [String: String]) -> Bool {
        path != nil || environment[CloudSettings.clientIDVariable].map { !$0.isEmpty } ?? false
    }

    /// **Errors:** SoundCloud is on, and this command makes files.
    static func refuse(_ options: OptionValues, command: String) throws(OptionError) {
        guard isOn(options.text("soundcloud"), DataFolder.environment()) else { return }
        throw OptionError(
            "\(command) makes a file, and nothing from SoundCloud may be recorded or kept: it works without --soundcloud only"
        )
    }
}

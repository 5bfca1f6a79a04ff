import ForeverRelay
import ForeverTLS

/// The operator's secret: who shows it may tell the station what to play.
package struct OperatorToken: Sendable {
    private let bytes: [UInt8]

    /// The token in the file that `--operator-token-file` names, or one that the station makes for itself, readable by
    /// its user only.
    ///
    /// **Errors:** in words for the user.
    package init(_ path: String?, files: DataFiles, say: (String) -> Void) throws(OptionError) {
        if let path, WholeFile.Stamp(path) != nil {
            bytes = try RelayToken.read(path, option: "operator-token-file")
            return
        }
        let place = path ?? files.operatorToken
        let own = try RelayToken.own(place, option: "operator-token-file", random: SecureRandom.bytes)
        if own.isNew { say("made a token for the operator: \(place)") }
        bytes = own.token
    }

    /// Whether an `Authorization` field shows it. Takes as long for a wrong token as for the right one.
    package func admits(_ authorization: String?) -> Bool {
        let scheme = "bearer "
        guard let authorization, authorization.lowercased().hasPrefix(scheme) else { return false }
        let shown = DataFolder.trimmed(Array(authorization.utf8.dropFirst(scheme.utf8.count)))
        // Digests, so that not even the length is told by the time.
        return MessageDigest.isEqual(
            MessageDigest.hmacSHA256(bytes, key: bytes), MessageDigest.hmacSHA256(shown, key: bytes))
    }
}

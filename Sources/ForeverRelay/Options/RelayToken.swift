import ForeverHTTP

/// The secret that a root and its relays share, as both read it from a file.
package enum RelayToken {
    /// The shortest that is taken: what can be guessed proves nothing. **Units:** bytes.
    static let bytesMin = 16
    static let fileBytesMax = 4_096
    /// Bytes of one that a station makes for itself; twice as many digits.
    package static let madeBytes = 32

    /// The token in the file at `path`, without white space at both ends.
    ///
    /// **Errors:** in words for the user, naming `option`.
    package static func read(_ path: String, option: String) throws(OptionError) -> [UInt8] {
        guard let bytes = DataFolder.contents(of: path, bytesMax: fileBytesMax) else {
            throw OptionError("--\(option): cannot read \(path)")
        }
        let token = DataFolder.trimmed(bytes)
        guard token.count >= bytesMin else {
            throw OptionError("--\(option): the token in \(path) is shorter than \(bytesMin) bytes")
        }
        return token
    }

    /// The token that a station without `option` keeps for itself, made if there is none yet.
    ///
    /// `random` gives that many bytes nobody can foretell. **Errors:** in words for the user.
    package static func own(
        _ path: String, option: String = "relay-token-file", random: (Int) -> [UInt8]
    ) throws(OptionError) -> (token: [UInt8], isNew: Bool) {
        if WholeFile.Stamp(path) != nil { return (try read(path, option: option), false) }
        let token = Array(RelayProof.hexadecimal(random(madeBytes)).utf8)
        do throws(SystemError) {
            try WholeFile.replace(path, with: token + [0x0A])
        } catch {
            throw OptionError("cannot write \(path): \(error)")
        }
        return (token, true)
    }
}

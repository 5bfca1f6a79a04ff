/// The secret that a root and its relays share, as both read it from a file.
package enum RelayToken {
    /// The shortest that is taken: what can be guessed proves nothing. **Units:** bytes.
    static let bytesMin = 16
    static let fileBytesMax = 4_096

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
}

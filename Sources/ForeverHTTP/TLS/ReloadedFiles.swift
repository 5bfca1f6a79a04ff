/// Something made from files, made anew when they change.
public protocol ReloadedFiles: AnyObject {
    /// The files, for messages.
    var fileNames: String { get }
    /// Looks at the files (time, size and inode) and reads them again when they are others than before. True when what is
    /// new holds from now on.
    ///
    /// **Errors:** what is wrong with them; then what was read before stays, and they are read again when they change again.
    func reloadIfChanged() throws(TLSError) -> Bool
}

import ForeverHTTP

/// Looks every few seconds whether files have changed, and says what became of it. **Thread:** the loop's.
public final class FileWatch {
    /// How often it is looked. Renewed certificates are valid for weeks; operators who wait send SIGHUP.
    public static let seconds: Int64 = 10

    private let loop: EventLoop
    private let watched: [any ReloadedFiles]
    private let say: (String) -> Void
    private var timer: TimerID?

    /// - say: gets a line for the log, when something has changed
    public init(loop: EventLoop, _ watched: [any ReloadedFiles], say: @escaping (String) -> Void) {
        self.loop = loop
        self.watched = watched
        self.say = say
        arm()
    }

    deinit { if let timer { loop.cancel(timer) } }

    /// Looks at once.
    public func look() {
        for files in watched {
            do throws(TLSError) {
                if try files.reloadIfChanged() { say("read again: \(files.fileNames)") }
            } catch {
                say("what is in use stays in use, since \(error)")
            }
        }
    }

    private func arm() {
        timer = loop.schedule(after: .seconds(Self.seconds)) { [unowned self] in
            timer = nil
            look()
            arm()
        }
    }
}

import Glibc

/// One life of a server: a process that ends with the soak at the latest.
final class ServerProcess {
    let pid: Int32
    /// The raw wait status, once it has ended.
    private(set) var status: Int32?

    private static let leash = "/usr/bin/setpriv"

    /// - log: its output is added to this file
    /// **Errors:** when it cannot be started.
    init(_ program: String, _ arguments: [String], log: String) throws(SoakError) {
        // exec all the way: the process number stays, and with setpriv nobody outlives the soak.
        let hasLeash = access(Self.leash, X_OK) == 0
        let words = (hasLeash ? [Self.leash, "--pdeathsig", "KILL"] : []) + [program] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The soak hears of signals by its loop and blocks them; a server must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let copies = words.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        var pid: Int32 = 0
        let code = posix_spawn(&pid, words[0], &actions, &attributes, copies, environ)
        guard code == 0 else { throw SoakError("\(program) cannot be started: \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    deinit { end() }

    /// Whether it runs; one that has ended is taken note of.
    var isRunning: Bool {
        guard status == nil else { return false }
        var raw: Int32 = 0
        if waitpid(pid, &raw, WNOHANG) == pid { status = raw }
        return status == nil
    }

    /// How it ended, in words.
    var ending: String {
        guard let status else { return "it runs" }
        return status & 0x7F == 0 ? "exit status \((status >> 8) & 0xFF)" : "signal \(status & 0x7F)"
    }

    var endedWell: Bool { status == 0 }

    func send(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// Kills it and waits until it is gone.
    func end() {
        guard isRunning else { return }
        kill(pid, SIGKILL)
        var raw: Int32 = 0
        while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
        status = raw
    }
}

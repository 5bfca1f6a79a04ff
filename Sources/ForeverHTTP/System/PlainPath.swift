/// Where plain http may go without being told to: ways on which no stranger listens. Pure.
public enum PlainPath {
    /// Why not elsewhere, and what to do, as the end of a sentence.
    public static let reason =
        "on the way there everybody could read and change what is said; use https, or --insecure if you accept that"

    /// Whether an address is this machine's own or of a private network: 127.0.0.0/8, ::1, RFC 1918, fc00::/7. Link-local
    /// addresses are not: who is on the same wire need not be known.
    public static func isSafe(_ address: IPAddress) -> Bool { networks.contains(address) }

    /// The same for one end of a connection.
    public static func isSafe(_ address: SocketAddress) -> Bool { IPAddress(address).map(isSafe) ?? false }

    private static let networks = (try? TrustedProxies("loopback,private")) ?? .none
}

import Foundation

/// An Icecast with room for everybody, and otherwise as it comes.
enum IcecastConfiguration {
    static let mount = "/live"
    static let password = "loopback"

    static var isInstalled: Bool { Tools.path(of: "icecast2") != nil }

    /// Writes what one server needs into a folder of its own; returns the configuration's path.
    static func write(folder: String, port: Int) throws(BenchError) -> String {
        // Run by root, Icecast wants to become somebody else, who must be able to write its logs.
        let user = getuid() == 0 ? "<changeowner><user>nobody</user><group>nogroup</group></changeowner>" : ""
        let text = """
            <icecast>
              <limits>
                <clients>20000</clients><sources>2</sources><queue-size>524288</queue-size>
                <burst-on-connect>1</burst-on-connect><burst-size>\(Server.burstSeconds * Server.byteRate)</burst-size>
              </limits>
              <authentication>
                <source-password>\(password)</source-password><relay-password>\(password)</relay-password>
                <admin-user>admin</admin-user><admin-password>\(password)</admin-password>
              </authentication>
              <hostname>127.0.0.1</hostname>
              <listen-socket><port>\(port)</port><bind-address>127.0.0.1</bind-address></listen-socket>
              <paths>
                <basedir>\(folder)</basedir><logdir>\(folder)</logdir><webroot>\(folder)</webroot>
                <adminroot>\(folder)</adminroot>
              </paths>
              <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>2</loglevel></logging>
              <security><chroot>0</chroot>\(user)</security>
            </icecast>
            """
        let path = folder + "/icecast.xml"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
            // The mode given above is cut by the umask.
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw BenchError("cannot write \(path): \(error)")
        }
        return path
    }
}

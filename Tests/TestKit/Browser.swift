import Foundation

/// Headless Chromium, steered through its debugging pipe (one JSON message after another, each ended by a zero byte).
///
/// Thread: one user at a time.
package final class Browser {
    private let program: RunningProgram
    private let profile: TemporaryFolder
    private var consumed = 0
    private var lastMessage = 0
    private var session = ""
    /// Uncaught errors and failed loads of the page, as the browser tells them.
    package private(set) var complaints: [String] = []

    /// Starts the browser; it may play sound without a hand on the page, and plays it silently.
    package init() throws {
        profile = try TemporaryFolder()
        let flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--autoplay-policy=no-user-gesture-required", "--remote-debugging-pipe", "--user-data-dir=" + profile.path,
        ]
        // The pipe is descriptors 3 (to the browser) and 4 (from it).
        let command = "exec \"$@\" 3<&0 4>&1 >/dev/null"
        program = try RunningProgram(
            "/bin/sh", ["-c", command, "sh", Programs.neededTool("chromium")] + flags,
            environment: ["HOME": profile.path])
    }

    deinit { program.end(signal: SIGTERM, seconds: 3) }

    /// Opens a page of `width` x `height` points.
    package func open(_ url: String, width: Int = 1280, height: Int = 800) throws {
        let target = try command("Target.createTarget", ["url": "about:blank"])["targetId"] as? String ?? ""
        let attached = try command("Target.attachToTarget", ["targetId": target, "flatten": true])
        session = attached["sessionId"] as? String ?? ""
        _ = try command("Runtime.enable")
        _ = try command("Log.enable")
        let size: [String: Any] = ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500]
        _ = try command("Emulation.setDeviceMetricsOverride", size)
        _ = try command("Page.navigate", ["url": url])
    }

    /// The value of a JavaScript expression as text; nil when it has none.
    package func value(_ expression: String) throws -> String? {
        let options: [String: Any] = [
            "expression": "String(\(expression))", "awaitPromise": true, "returnByValue": true, "userGesture": true,
        ]
        return (try command("Runtime.evaluate", options)["result"] as? [String: Any])?["value"] as? String
    }

    /// The page as a PNG picture.
    package func screenshot() throws -> [UInt8] {
        let picture = try command("Page.captureScreenshot", ["format": "png"])["data"] as? String ?? ""
        return [UInt8](Data(base64Encoded: picture) ?? Data())
    }

    private func command(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        lastMessage += 1
        var message: [String: Any] = ["id": lastMessage, "method": method, "params": parameters]
        if !session.isEmpty { message["sessionId"] = session }
        try program.write(JSONSerialization.data(withJSONObject: message) + [0])
        return try eventually("the browser's answer to \(method)", seconds: 30) {
            guard let answer = try nextMessage() else {
                if !program.isRunning { throw TestKitFailure("the browser ended: \(program.errorText.suffix(500))") }
                return nil
            }
            note(answer)
            guard answer["id"] as? Int == lastMessage else { return nil }
            if let error = answer["error"] { throw TestKitFailure("\(method): \(error)") }
            return answer["result"] as? [String: Any] ?? [:]
        }
    }

    private func nextMessage() throws -> [String: Any]? {
        let bytes = program.outputBytes(from: consumed)
        guard let end = bytes.firstIndex(of: 0) else { return nil }
        consumed += end + 1
        return try JSONSerialization.jsonObject(with: Data(bytes[..<end])) as? [String: Any]
    }

    private func note(_ message: [String: Any]) {
        let method = message["method"] as? String
        guard method == "Runtime.exceptionThrown" || method == "Log.entryAdded" else { return }
        complaints.append("\(message["params"] ?? "")")
    }
}

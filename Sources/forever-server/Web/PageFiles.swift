import ForeverHTTP

/// The listener's page and the operator's, carried inside the program. Neither knows a secret.
enum PageFiles {
    static func install(into router: Router) {
        let files: [(path: String, name: String, bytes: [UInt8])] = [
            ("/", "index.html", PackageResources.index_html),
            ("/page.css", "page.css", PackageResources.page_css),
            ("/page.js", "page.js", PackageResources.page_js),
            ("/station.js", "station.js", PackageResources.station_js),
            ("/listening.js", "listening.js", PackageResources.listening_js),
            ("/monitor", "monitor.html", PackageResources.monitor_html),
            ("/monitor.css", "monitor.css", PackageResources.monitor_css),
            ("/monitor.js", "monitor.js", PackageResources.monitor_js),
        ]
        for file in files {
            let embedded = EmbeddedFile(file.bytes, contentType: EmbeddedFile.contentType(forName: file.name))
            router.on(.GET, file.path) { _ in .file(embedded) }
        }
    }
}

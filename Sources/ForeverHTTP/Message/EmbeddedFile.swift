/// A file that is part of the program: its bytes, type and entity tag.
public final class EmbeddedFile: Sendable {
    public let bytes: [UInt8]
    public let contentType: String
    /// A strong entity tag made from the bytes.
    public let entityTag: String
    public let cacheControl: String
    /// When it was last changed, in seconds since 1970; nil when nobody knows: the entity tag says more.
    public let modifiedSeconds: Int64?

    /// `no-cache` lets browsers keep the file and ask each time whether it is still the same.
    public init(
        _ bytes: [UInt8], contentType: String, cacheControl: String = "no-cache", modifiedSeconds: Int64? = nil
    ) {
        self.bytes = bytes
        self.contentType = contentType
        self.cacheControl = cacheControl
        self.modifiedSeconds = modifiedSeconds
        entityTag = "\"\(String(Self.hash(bytes), radix: 16))-\(String(bytes.count, radix: 16))\""
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo): it only has to differ when a new build brings another file.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// The media type a file name's ending stands for.
    public static func contentType(forName name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "webmanifest": "application/manifest+json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "webp": "image/webp"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        case "mp3": "audio/mpeg"
        default: "application/octet-stream"
        }
    }
}

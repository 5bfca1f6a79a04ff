import Foundation
import Synchronization

/// Takes advertising out of a title: bracketed, set off by signs, or shouted at its end. Pure.
enum TitleClutter {
    /// The title without it; the title itself where nothing else would be left.
    static func removed(from title: String) -> String {
        var text = title
        // Each round may lay bare another piece.
        for _ in 0..<roundsMax {
            let before = text
            text = withoutBrackets(text)
            text = withoutEnds(text)
            text = withoutShouts(text)
            text = withoutSigns(text)
            if text == before { break }
        }
        return text.contains { $0.isLetter || $0.isNumber } ? text : withoutSigns(title)
    }

    private static let roundsMax = 4

    /// Whether the whole of it is advertising.
    static func isPromotion(_ text: some StringProtocol) -> Bool {
        let bare = text.trimmingCharacters(in: signs)
        return !bare.isEmpty && matches(only, bare)
    }

    private static let signs = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "#")).inverted

    // MARK: Places

    /// "[Free Download]", "(out now)", "【PREMIERE】", and catalogue numbers "[HRB012]".
    private static func withoutBrackets(_ text: String) -> String {
        var result = text
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("【", "】"), ("「", "」"), ("<", ">")] {
            var from = result.startIndex
            while let start = result.range(of: open, range: from..<result.endIndex),
                let end = result.range(of: close, range: start.upperBound..<result.endIndex)
            {
                let inside = result[start.upperBound..<end.lowerBound]
                if isPromotion(inside) || (open == "[" && matches(catalogueNumber, String(inside))) {
                    let kept = result.distance(from: result.startIndex, to: start.lowerBound)
                    result.replaceSubrange(start.lowerBound..<end.upperBound, with: " ")
                    from = result.index(result.startIndex, offsetBy: kept)
                } else {
                    from = end.upperBound
                }
            }
        }
        return spaced(result)
    }

    /// "PREMIERE: …", "… | FREE DL", "… // out now on …", "… - OUT NOW".
    private static func withoutEnds(_ text: String) -> String {
        var result = text
        for match in separators.matches(in: result, range: NSRange(result.startIndex..., in: result)).reversed() {
            guard let range = Range(match.range, in: result) else { continue }
            let head = result[..<range.lowerBound]
            if head.contains(where: { $0.isLetter || $0.isNumber }), isPromotion(result[range.upperBound...]) {
                result = String(head)
            }
        }
        let first = headSeparators.firstMatch(in: result, range: NSRange(result.startIndex..., in: result))
        if let first, let range = Range(first.range, in: result), isPromotion(result[..<range.lowerBound]) {
            result = String(result[range.upperBound...])
        }
        return spaced(result)
    }

    /// "Title FREE DOWNLOAD", "Title OUT NOW!", "Title #techno #free".
    private static func withoutShouts(_ text: String) -> String {
        var result = replaced(tags, in: text, with: "")
        for pattern in [shoutAnyCase, shoutUpperCase] { result = replaced(pattern, in: result, with: "") }
        return spaced(result)
    }

    /// Arrows, stars and notes around it; a dash or bar that stands for nothing any more.
    private static func withoutSigns(_ text: String) -> String {
        let ends = CharacterSet(charactersIn: " \t-–—|/\\~•·*_=:;,»«►▶▷◄◀▼▲↓↑⬇⬆→←★☆♫♪♬✪✦✧❤♥➤➡⏬⏩\u{FE0F}")
        var trimmed = text.trimmingCharacters(in: ends)
        if trimmed.isEmpty { trimmed = text }
        return spaced(trimmed)
    }

    private static func spaced(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    // MARK: Words

    /// Phrases that sell; each may end with where and when.
    private static let phrases = [
        #"free\s*(?:download|dl|d/l|d\.l\.?|release|track|tune|ep|single|gift|wav|mp3)?s?(?:\s+(?:link|below|here|now|in)\b.*)?"#,
        #"f/?dl"#, #"buy\s*(?:=|is|for|4)\s*free.*"#, #"buy\s+(?:now|link|here)\b.*"#,
        #"(?:click|hit|press|push|smash)\s+(?:on\s+)?(?:the\s+)?(?:buy|download|more|link|like|repost)\b.*"#,
        #"downloads?(?:\s+(?:link|now|here|below|in|available|for|via)\b.*)?"#, #"dl(?:\s+(?:link|in|now|below)\b.*)?"#,
        #"links?\s+in\s+(?:the\s+)?(?:bio|desc|description|comments?)\b.*"#, #"link\s+below"#,
        #"(?:in\s+|see\s+|read\s+)(?:the\s+)?desc(?:ription)?"#,
        #"out\s+(?:now|soon|today|everywhere|tomorrow)\b.*"#, #"out\s+(?:on\s+)?\d{1,2}[./-]\d{1,2}.*"#,
        #"out\s+(?:on\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*"#,
        #"(?:now\s+)?available\s+(?:now|everywhere|on|at|from|via)\b.*"#,
        #"now\s+on\s+(?:all|every|bandcamp|spotify)\b.*"#,
        #"(?:full\s+)?(?:ep|album|single|release|track|version)\s+out\s+(?:now|soon|on)\b.*"#,
        #"(?:brand\s+)?new\s+(?:single|release|track|song|music|upload)(?:\s+out.*)?(?:\s+\d{4})?"#,
        #"(?:world\s+|track\s+|video\s+|exclusive\s+)?premi[eè]red?(?:\s+(?:by|on|at)\b.*)?"#, #"exclusive"#,
        #"official(?:\s+(?:music|lyrics?))?(?:\s+(?:audio|video|visuali[sz]er|release|upload|track|stream|clip))?"#,
        #"(?:music|lyrics?)\s+video"#, #"with\s+lyrics"#, #"lyrics"#, #"audio(?:\s+only)?"#, #"hd|hq|4k"#,
        #"(?:high|full)\s+quality"#, #"(?:320|256)\s*kbps|wav\s+in\s+(?:the\s+)?(?:description|bio)"#,
        #"(?:dj\s+)?support(?:ed)?\s+(?:by|from)\b.*"#, #"(?:as\s+)?(?:played|heard|featured|seen)\s+(?:by|on|in)\b.*"#,
        #"stream(?:\s+(?:now|it|here|everywhere|on)\b.*)?"#, #"pre-?\s?(?:order|save)(?:\s.*)?"#,
        #"(?:please\s+)?(?:like|share|comment|follow|repost|subscribe)(?:\s*(?:,|&|\+|and)?\s*(?:like|share|comment|follow|repost|subscribe))*"#,
        #"re-?upload(?:ed)?"#,
        #"(?:no\s+copyright|copyright\s+free|royalty[\s-]free|non[\s-]copyright(?:ed)?)(?:\s+(?:music|sounds?|song|beats?))?"#,
        #"creative\s+commons(?:\s+music)?"#, #"cc[\s-]?by(?:-(?:nc|sa|nd))*(?:\s+[\d.]+)?"#,
        #"free\s+(?:for|to)\s+(?:profit|non-?profit|use)(?:\s+use)?"#,
        #"(?:preview|snippet|clip|teaser|promo|low\s+quality\s+preview|master\s+clip)"#,
        #"full\s+(?:track|version|song|stream|mix)\s+(?:in|on|at|via|out|available|link)\b.*"#,
        #"\d+(?:[.,]\d+)?k?\s+(?:followers?|plays|likes)(?:\s+(?:special|gift|celebration))?"#,
        #"thanks?\s+(?:you\s+)?for\b.*"#, #"coming\s+soon"#,
        #"tracklist(?:\s+in\s+(?:the\s+)?(?:description|comments))?"#,
    ]

    private static let only =
        "^(?:" + phrases.joined(separator: "|") + ")(?:\\W+(?:" + phrases.joined(separator: "|") + "))*$"
    private static let catalogueNumber = #"^[A-Z]{2,8}[ -]?\d{2,4}[A-Z]?$"#
    private static let separators = expression(
        #"\s*[|•·»►▶★*~]+\s*|\s+//+\s+|\s+[-–—]+\s+|\s*[!:]+\s+|\s+(?=>>)|\s*>>+\s*|\s+(?:\+{2,}|={2,})\s+"#)
    private static let headSeparators = expression(#"\s*[|•·»►▶★*~:!]+\s*|\s+//+\s+|\s+[-–—]+\s+|\s*>>+\s*"#)
    private static let tags = expression(#"(?:\s+#[\p{L}\p{N}_]+)+\s*$"#)
    private static let shoutAnyCase = expression(
        #"[\s!*.,-]+(?:free\s+(?:download|dl)|f/dl|official\s+(?:audio|video|music\s+video|lyric\s+video))[\s!*.]*$"#)
    private static let shoutUpperCase = expression(
        #"[\s!*.,-]+(?:OUT\s+NOW(?:\s+ON\s+[A-Z ]+)?|FREE|FREE\s+TRACK|PREMIERE|EXCLUSIVE|PREVIEW|OUT\s+SOON)[\s!*.]*$"#,
        options: [])

    private static func expression(
        _ pattern: String, options: NSRegularExpression.Options = [.caseInsensitive]
    ) -> NSRegularExpression {
        // Ours, and tested: a mistake in one stops the first test.
        try! NSRegularExpression(pattern: pattern, options: options)
    }

    private static let compiled = Mutex<[String: NSRegularExpression]>([:])

    /// Whether the text matches one of our few patterns, in any case.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let expression = compiled.withLock { known in
            if let found = known[pattern] { return found }
            let isUpper = pattern == catalogueNumber
            let made = TitleClutter.expression(pattern, options: isUpper ? [] : [.caseInsensitive])
            known[pattern] = made
            return made
        }
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }

    private static func replaced(_ expression: NSRegularExpression, in text: String, with other: String) -> String {
        expression.stringByReplacingMatches(
            in: text, range: NSRange(text.startIndex..., in: text), withTemplate: other)
    }
}

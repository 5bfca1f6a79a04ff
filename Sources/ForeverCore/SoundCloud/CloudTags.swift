/// A `tag_list`: tags with spaces between them, those of several words in double quotes.
enum CloudTags {
    /// The tags in lower case, each once, at most `CoreLimits.tagsMax`. Machine tags (`ns:key=value`) are left out; a
    /// quote that is not closed ends with the text.
    static func list(_ text: String) -> [String] {
        var tags: [String] = []
        var seen: Set<String> = []
        func add(_ raw: String) {
            guard let tag = TrackNames.tidied(raw)?.lowercased(), tags.count < CoreLimits.tagsMax,
                tag.firstMatch(of: #/^[a-z0-9_]+:[a-z0-9_]+=/#) == nil, seen.insert(tag).inserted
            else { return }
            tags.append(tag)
        }
        var word = ""
        var isQuoted = false
        for character in text.prefix(CloudLimits.tagListCharactersMax) {
            if character == "\"" {
                add(word)
                word = ""
                isQuoted.toggle()
            } else if character.isWhitespace, !isQuoted {
                add(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        add(word)
        return tags
    }
}

/// Titles and artists nobody has: drawn from word lists without repetition.
struct DemoNames {
    private var titles: [String]
    private var artists: [String]
    private var count = 0

    init(seed: UInt64) {
        var random = DemoRandom(seed: seed, stream: 4)
        let adjectives = random.shuffled(DemoNames.adjectives)
        let nouns = random.shuffled(DemoNames.nouns)
        let places = random.shuffled(DemoNames.places)
        titles = (0..<adjectives.count).map { index in
            switch random.integer(0...3) {
            case 0: return "\(nouns[index]) at \(places[index % places.count])"
            case 1: return "\(adjectives[index]) \(nouns[index])"
            case 2: return "The \(adjectives[index]) \(nouns[index])"
            default: return "\(adjectives[index]) \(nouns[(index + 7) % nouns.count])"
            }
        }
        let acts = random.shuffled(DemoNames.acts)
        artists = acts
    }

    /// The next track's name; an artist comes back after all others had a turn.
    mutating func next() -> (title: String, artist: String) {
        defer { count += 1 }
        return (titles[count % titles.count], artists[count % artists.count])
    }

    private static let adjectives = [
        "Amber", "Quiet", "Folded", "Silver", "Slow", "Borrowed", "Velvet", "Northern", "Paper", "Hollow", "Gentle",
        "Copper", "Distant", "Woven", "Early", "Painted", "Second", "Salted", "Weightless", "Pale", "Electric",
        "Unspoken", "Golden", "Wandering",
    ]
    private static let nouns = [
        "Lanterns", "Signals", "Orchard", "Tides", "Staircase", "Meridian", "Postcards", "Harbour", "Kites",
        "Reservoir",
        "Embers", "Parallels", "Windows", "Gravity", "Constellations", "Avenue", "Mosaic", "Currents", "Telegraph",
        "Greenhouse", "Afterglow", "Marbles", "Satellites", "Weather",
    ]
    private static let places = [
        "Dawn", "Platform Nine", "Low Tide", "the Observatory", "Midnight", "the Lido", "Sea Level", "the Depot",
        "First Light", "the Canal", "Noon", "Altitude",
    ]
    private static let acts = [
        "Lumen & Thistle", "The Halfway Cartographers", "Okapi Transit", "Marrow Pines", "Sable Arcade Unit",
        "Nine Copper Birds", "Tessellate Ana", "Foxglove Department", "Pilot Whale Radio", "Juniper Static",
        "Kestrel & Loam", "The Late Ferries", "Umbra Kiosk", "Mineral Parade", "Anode Garden", "Violet Tramways",
        "Hoshi Meadowlark", "Cloud Bureau Nord", "Brass Almanac", "Sofa Expedition",
    ]
}

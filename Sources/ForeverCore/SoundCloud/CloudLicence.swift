/// What an uploader allows.
public enum CloudLicence: String, Codable, Hashable, Sendable, CaseIterable {
    case allRightsReserved = "all-rights-reserved"
    case noRightsReserved = "no-rights-reserved"
    case by = "cc-by"
    case byNC = "cc-by-nc"
    case byND = "cc-by-nd"
    case bySA = "cc-by-sa"
    case byNCND = "cc-by-nc-nd"
    case byNCSA = "cc-by-nc-sa"

    /// What is missing or unknown reserves all rights.
    public init(_ text: String?) {
        self = text.flatMap { CloudLicence(rawValue: $0.lowercased()) } ?? .allRightsReserved
    }

    /// Whether the sound may be altered, as mixing does.
    public var allowsDerivatives: Bool {
        switch self {
        case .noRightsReserved, .by, .byNC, .bySA, .byNCSA: true
        case .allRightsReserved, .byND, .byNCND: false
        }
    }

    /// Whether its uploader says that nobody may earn money with it, by advertising or otherwise.
    public var forbidsCommerce: Bool {
        switch self {
        case .byNC, .byNCND, .byNCSA: true
        case .noRightsReserved, .by, .byND, .bySA, .allRightsReserved: false
        }
    }
}

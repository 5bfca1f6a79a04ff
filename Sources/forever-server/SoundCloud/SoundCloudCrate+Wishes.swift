extension SoundCloudCrate {
    /// For people who name tracks.
    package var wishes: CloudWishes { CloudWishes(client: client) { [weak self] in self?.fetchSoon($0) } }
}

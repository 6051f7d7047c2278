extension SyncStatus {
    /// How much of the first sync is done, 0 to 100. `nil` before it starts, after it ends, and while the server has not said how many rows
    /// its lists have.
    public var firstSyncPercent: Int? {
        guard let firstSync, let all = firstSync.of, all > 0 else { return nil }
        return Int(min(firstSync.read, all) * 100 / all)
    }
}

extension Attachment {
    /// How much of the file has been sent or downloaded, 0 to 1; `nil` if neither is happening.
    public var progress: Double? {
        switch state {
        case .sending(let bytes), .downloading(let bytes): size > 0 ? Double(min(bytes, size)) / Double(size) : 0
        case .onServer, .waiting, .requested, .onDevice, .failed: nil
        }
    }
}

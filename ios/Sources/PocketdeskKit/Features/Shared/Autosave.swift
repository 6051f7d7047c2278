/// Saves what is typed: at every pause in typing, and at once when the screen is left (O5).
@MainActor
final class Autosave {
    private let pause: Duration
    private var waiting: Task<Void, Never>?

    init(pause: Duration) {
        self.pause = pause
    }

    /// Runs `save` when nothing calls this again for the length of the pause.
    func touched(_ save: @escaping @MainActor () async -> Void) {
        waiting?.cancel()
        waiting = Task { [pause] in
            // Cancelled means typed on, or left.
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            await save()
        }
    }

    /// Ends the pause without saving. A save that has begun goes on.
    func stop() {
        waiting?.cancel()
        waiting = nil
    }
}

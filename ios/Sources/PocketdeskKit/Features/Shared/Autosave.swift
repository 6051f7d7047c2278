/// Saves what the user types after every pause in typing.
@MainActor
final class Autosave {
    private let pause: Duration
    private var pending: Task<Void, Never>?

    init(pause: Duration) {
        self.pause = pause
    }

    /// Runs `save` after the pause, unless this is called again before.
    func schedule(_ save: @escaping @MainActor () async -> Void) {
        pending?.cancel()
        pending = Task { [pause] in
            // The sleep throws when this task is cancelled: the user typed on, or left the screen.
            guard (try? await Task.sleep(for: pause)) != nil else { return }
            await save()
        }
    }

    /// Cancels the pending save. A save that has started runs to its end.
    func cancel() {
        pending?.cancel()
        pending = nil
    }
}

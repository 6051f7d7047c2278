/// Which threads are on screen, and how often. When a tablet is rotated, a thread gets another place and with it another model, and the new one may
/// begin before the old one ends. The thread is off screen when the last of them has ended.
@MainActor
final class ThreadsOnScreen {
    private var models: [Int64: Int] = [:]

    nonisolated init() {}

    func entered(_ ticket: Int64) {
        models[ticket, default: 0] += 1
    }

    /// Whether no other model shows this ticket.
    func left(_ ticket: Int64) -> Bool {
        let others = models[ticket, default: 1] - 1
        models[ticket] = others > 0 ? others : nil
        return others <= 0
    }
}

import Observation

/// Finds a text in the messages of one ticket: which of them have it, and at which of these the reader is. It answers while the user types, with
/// or without a network, and follows the thread while that changes.
@MainActor
@Observable
public final class FindModel {
    /// A move of the conversation to a message that was found. Each step is another one, even if it leads to the same message.
    public struct Jump: Equatable, Sendable {
        /// The message's line.
        public let line: ThreadLine.ID

        let number: Int
    }

    /// Whether the user finds something now. Then the hits are marked.
    public private(set) var isOpen: Bool

    /// The messages that have it, in the order of the thread.
    public private(set) var hits: [MessageHit] = []

    /// The place in ``hits`` at which the reader is; `nil` if there are none.
    public private(set) var current: Int?

    /// Where the conversation has to stand; `nil` until something was found.
    public private(set) var jump: Jump?

    /// How often the user began, or asked for the field again.
    public private(set) var openings = 0

    /// What is looked for, as it is typed.
    public var text: String {
        get { typed }
        set {
            guard newValue != typed else { return }
            typed = newValue
            Task { await search() }
        }
    }

    private let client: Pocketdesk
    private let ticket: Int64
    private var typed: String
    /// The text that ``hits`` answer.
    private var answered: String?
    /// The message at which the reader begins.
    private var first: Int64?
    private var lastSearch = 0

    init(client: Pocketdesk, ticket: Int64, found: FoundMessage?) {
        (self.client, self.ticket) = (client, ticket)
        (isOpen, typed, first) = (found != nil, found?.text ?? "", found?.message)
    }

    /// Begins, with the text that was looked for last. If it has begun, the user wants to type another text.
    public func open() {
        openings += 1
        guard !isOpen else { return }
        isOpen = true
        Task { await search() }
    }

    /// Ends. Nothing is marked any more, and the conversation stays where it is.
    public func close() {
        lastSearch += 1
        isOpen = false
        (hits, current, jump, answered, first) = ([], nil, nil, nil, nil)
    }

    /// Goes to the next message that has it; from the last one to the first.
    public func next() { step(1) }

    /// Goes to the message before that has it; from the first one to the last.
    public func previous() { step(-1) }

    /// "3 of 12", or that the ticket does not have it; `nil` while nothing is looked for.
    public func position(_ strings: Strings) -> String? {
        guard isOpen, !typed.trimmingWhitespace().isEmpty, answered == typed else { return nil }
        guard let current else { return strings["find.none"] }
        return strings("find.hits", ["index": strings.number(UInt32(current + 1)), "count": strings.number(UInt32(hits.count))])
    }

    /// The text of a message with what was found in it; `nil` if nothing was.
    public func parts(of message: Int64) -> [Segment]? {
        hits.first { $0.message == message }?.text
    }

    /// Whether the reader is at this message.
    public func isCurrent(_ message: Int64) -> Bool {
        current.map { hits[$0].message == message } ?? false
    }

    /// The line at which the reader is; `nil` if nothing was found.
    public var line: ThreadLine.ID? {
        current.map { .message(hits[$0].message) }
    }

    /// Looks for the text again, because it or the thread has changed. Does nothing while it is closed.
    func search() async {
        guard isOpen else { return }
        lastSearch += 1
        let (thisSearch, text) = (lastSearch, typed)
        // If this fails, what was found stays. The thread says why it cannot be read.
        guard let found = try? await client.findInThread(ticket, text), thisSearch == lastSearch else { return }
        let before = current.map { hits[$0].message } ?? first
        let isSame = answered == text
        (hits, answered) = (found, text)
        guard !found.isEmpty else {
            (current, jump) = (nil, nil)
            return
        }
        let place = before.flatMap { message in found.firstIndex { $0.message == message } }
        let last = found.count - 1
        // A message may go while the reader is at it.
        current = place ?? (isSame ? min(current ?? 0, last) : 0)
        if !isSame || jump == nil { jumpToCurrent() }
    }

    private func step(_ by: Int) {
        guard let current, !hits.isEmpty else { return }
        self.current = (current + by + hits.count) % hits.count
        jumpToCurrent()
    }

    private func jumpToCurrent() {
        jump = line.map { Jump(line: $0, number: (jump?.number ?? 0) + 1) }
    }
}

import Observation

/// The model of the form with which a user says how the help desk did. What is typed is not saved.
@MainActor
@Observable
public final class FeedbackModel {
    /// The `FeedbackAnswer.id` that was chosen; `nil` if none was.
    public var answer: String? {
        didSet { if answer != oldValue { failureKey = nil } }
    }

    /// The text of the field.
    public var text = "" {
        didSet { if text != oldValue { failureKey = nil } }
    }

    /// Whether the feedback is being stored.
    public private(set) var isSaving = false

    /// The key of the text that says why the feedback was not stored.
    public private(set) var failureKey: String?

    /// The action, whose name is the title of the form.
    public let action: ActionOffer

    /// What is asked.
    public let form: FeedbackForm

    private let client: Pocketdesk
    private let ticket: Int64

    /// - Parameters:
    ///   - client: The client. Do not close it while the form exists; it may be suspended.
    ///   - ticket: The ticket's local id.
    ///   - action: The action that gives feedback.
    ///   - form: What it asks for.
    init(client: Pocketdesk, ticket: Int64, action: ActionOffer, form: FeedbackForm) {
        self.client = client
        self.ticket = ticket
        self.action = action
        self.form = form
    }

    /// Whether ``send()`` makes sense.
    public var canSend: Bool {
        answer != nil && !isSaving && (!form.isTextRequired || !text.trimmingWhitespace().isEmpty)
    }

    /// Gives the feedback. It waits in the thread until it is sent.
    ///
    /// - Returns: Whether it was stored, so that the form closes. Otherwise ``failureKey`` says why not.
    public func send() async -> Bool {
        guard canSend, let answer else { return false }
        (isSaving, failureKey) = (true, nil)
        defer { isSaving = false }
        do {
            try await client.giveFeedback(answer, text: text, on: ticket, action: action.id)
            return true
        } catch {
            failureKey = error.key()
            return false
        }
    }
}

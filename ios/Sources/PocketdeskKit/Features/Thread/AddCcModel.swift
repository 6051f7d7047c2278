import Observation

/// The model of the form with the addresses of an action of the kind `addCc`. What is typed is not saved.
@MainActor
@Observable
public final class AddCcModel {
    /// The text of the field: one address, or several that are separated by spaces, commas or semicolons.
    public var text = "" {
        didSet { if text != oldValue { failureKey = nil } }
    }

    /// Whether the addresses are being stored.
    public private(set) var isSaving = false

    /// The key of the text that says why the addresses were not added.
    public private(set) var failureKey: String?

    /// The action, whose name is the title of the form.
    public let action: ActionOffer

    private let client: Pocketdesk
    private let ticket: Int64
    private let language: String

    /// - Parameters:
    ///   - client: The client. Do not close it while the form exists; it may be suspended.
    ///   - ticket: The ticket's local id.
    ///   - action: The action that takes the addresses.
    ///   - language: The language of the screen, as a BCP 47 tag.
    init(client: Pocketdesk, ticket: Int64, action: ActionOffer, language: String) {
        self.client = client
        self.ticket = ticket
        self.action = action
        self.language = language
    }

    /// Whether ``add()`` makes sense.
    public var canAdd: Bool { !isSaving && !text.trimmingWhitespace().isEmpty }

    /// Adds the addresses. Those that the ticket has already are dropped. The change waits in the thread until it is sent.
    ///
    /// - Returns: Whether they were added, so that the form closes. Otherwise ``failureKey`` says why not.
    public func add() async -> Bool {
        guard canAdd else { return false }
        (isSaving, failureKey) = (true, nil)
        defer { isSaving = false }
        do {
            try await client.act(action.id, on: ticket, addresses: allAddresses(text: text), language: language)
            return true
        } catch {
            failureKey = error.key()
            return false
        }
    }
}

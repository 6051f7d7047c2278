import Foundation

/// A screen that can be opened from another one.
public enum Route: Hashable, Codable, Sendable {
    /// The Help & Support screen.
    case helpSupport
    /// The history.
    case history
    /// The form of a new ticket, with a text of the product in its description.
    case newTicket(prefill: String? = nil)
    /// The thread of the ticket with this local id, at a message that was found in it.
    case thread(Int64, found: FoundMessage? = nil)
    /// The form for the unsent ticket with this local id.
    case editTicket(Int64)
    /// The categories of the help articles.
    case articles
    /// The help articles of the section with this id.
    case articleSection(Int64)
    /// The help article with this id.
    case article(Int64)
}

extension Route {
    /// The same screen without what the user has searched for.
    fileprivate var withoutSearch: Route {
        if case .thread(let ticket, _) = self { .thread(ticket) } else { self }
    }
}

/// The open screens of an account, in the form in which the system keeps them.
private struct SavedScreens: Codable {
    let account: String
    let screens: [Route]
}

extension Pocketdesk {
    /// The open screens in a form that the system may keep over the end of the process (`SceneStorage`). It has local ids in it, and nothing that
    /// the user wrote.
    ///
    /// - Parameter screens: The screens above the account screen, the last one on top.
    public func saved(_ screens: [Route]) -> Data? {
        screens.isEmpty ? nil : try? JSONEncoder().encode(SavedScreens(account: fingerprint, screens: screens.map(\.withoutSearch)))
    }

    /// The screens that were saved for this account. None for what was saved for another one: its ids mean other tickets. A ticket that is gone
    /// meanwhile opens its screen, which says so.
    public func screens(from saved: Data?) -> [Route] {
        guard let saved, let found = try? JSONDecoder().decode(SavedScreens.self, from: saved) else { return [] }
        return found.account == fingerprint ? found.screens : []
    }
}

import Foundation
import Observation

/// The model of the Help & Support screen: what the product offers there, in the language of the screen.
///
/// An entry that would lead nowhere is not shown, such as a call back into the app if the app does not take it. The core decides what is offered to
/// somebody who is not signed in.
@MainActor
@Observable
public final class HelpSupportModel {
    /// The entries to show, in order.
    public private(set) var entries: [HelpEntry] = []

    private let client: Pocketdesk
    private let strings: Strings
    private let onHostCall: (@MainActor (_ name: String) -> Void)?

    /// - Parameters:
    ///   - client: The client, whose product has the entries.
    ///   - strings: The strings of the screen. Some entries exist in certain languages only.
    ///   - onHostCall: Takes the calls of ``HelpEntry/Target/host(_:)``, by the name that the product definition gives them. Without it, the
    ///     entries that lead back into the app are not shown.
    public init(client: Pocketdesk, strings: Strings, onHostCall: (@MainActor (_ name: String) -> Void)? = nil) {
        self.client = client
        self.strings = strings
        self.onHostCall = onHostCall
        reload()
    }

    /// Keeps the entries up to date until the task is cancelled: `.task { await model.run() }`. What holds for the user, and with it what is
    /// offered, may change at any time. Where nobody is signed in, the history is offered once there is a ticket in it.
    public func run() async {
        let changes = client.changes
        reload()
        for await change in changes where change.status || change.history || change.articles {
            reload()
        }
    }

    /// The user chose an entry. Calls the app back, if the entry leads there; screens and links are opened by the view.
    public func choose(_ entry: HelpEntry) {
        if case .host(let name) = entry.target { onHostCall?(name) }
    }

    private func reload() {
        let offered = client.entries(strings.language).compactMap { entry in
            HelpEntry.Target(entry.target, strings, takesHostCalls: onHostCall != nil).map { target in
                HelpEntry(id: entry.id, label: strings[entry.labelKey], note: entry.noteKey.map { strings[$0] }, target: target)
            }
        }
        if offered != entries { entries = offered }
    }
}

/// An entry of the Help & Support screen.
public struct HelpEntry: Identifiable, Equatable, Sendable {
    /// Where an entry leads.
    public enum Target: Equatable, Sendable {
        /// The ticket history.
        case history
        /// The form of a new ticket, with this text in its description. Where nobody is signed in, the form of a ticket without an account.
        case newTicket(prefill: String?)
        /// The help articles.
        case articles
        /// A call back into the app, by the name that the product definition gives it.
        case host(String)
        /// A link, which the system opens: https, mailto or tel.
        case link(URL)
    }

    /// The id of the entry in the product definition.
    public let id: String

    /// Its name.
    public let label: String

    /// A second line below the name, such as the hours of a phone line; nil if there is none.
    public let note: String?

    /// Where it leads.
    public let target: Target
}

extension HelpEntry.Target {
    /// `nil` if nothing here can open the target.
    init?(_ target: EntryTarget, _ strings: Strings, takesHostCalls: Bool) {
        switch target {
        case .history:
            self = .history
        case .create(let prefillKey):
            self = .newTicket(prefill: prefillKey.map { strings[$0] })
        case .host(let name):
            guard takesHostCalls else { return nil }
            self = .host(name)
        case .link(let address):
            guard let url = URL(string: address.replacingOccurrences(of: "{locale}", with: strings.language)) else { return nil }
            self = .link(url)
        case .anonymous:
            self = .newTicket(prefill: nil)
        case .articles:
            self = .articles
        }
    }
}

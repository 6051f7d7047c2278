import Foundation

// What a screen does with the parts of a ticket's details. Which parts there are, and which actions, the core has decided.

extension TicketDetails {
    /// The action with this id; `nil` if it is not offered now.
    public func offer(_ id: String) -> ActionOffer? {
        actions.first { $0.id == id }
    }

    /// Whether a new ticket is offered where this one takes no reply.
    public var offersNewRequest: Bool {
        replyAlternatives.contains { way in
            if case .newRequest = way { true } else { false }
        }
    }
}

extension DetailPart {
    /// What tells this part from the others while the details change around it.
    public var key: String {
        switch self {
        case .section(let section): "section.\(section.id)"
        case .thread: "thread"
        case .transcript: "transcript"
        case .note(let text): "note.\(text)"
        }
    }
}

extension DetailItem {
    /// What tells this item from the others of its section while the details change around it.
    public var key: String {
        switch self {
        case .value(let id, _, _, _, _): "value.\(id)"
        case .action(let id): "action.\(id)"
        case .note(let text): "note.\(text)"
        }
    }
}

extension ShownValue {
    /// The value as a text, which is also what is copied. Several texts stand below each other, and a link is its address.
    ///
    /// - Parameters:
    ///   - strings: The language.
    ///   - timeZone: Where points in time are read. A day is the same everywhere.
    public func text(_ strings: Strings, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        switch self {
        case .text(let text): text
        case .texts(let texts): texts.joined(separator: "\n")
        case .status(let status): status.name(strings)
        case .instant(let at): strings.moment(Date(milliseconds: at), timeZone: timeZone)
        case .day(let day): strings.day(written: day)
        case .links(let links): links.map(\.url).joined(separator: "\n")
        }
    }
}

extension ShownLink {
    /// What a tap opens; `nil` for anything but https, which is shown and not opened.
    public var destination: URL? {
        guard let url = URL(string: url), url.scheme?.lowercased() == "https", url.host?.isEmpty == false else { return nil }
        return url
    }
}

extension TimelineStep {
    /// When it was reached, by the server's clock; `nil` if it was not, or if nobody says.
    public var reached: Date? { at.map(Date.init(milliseconds:)) }
}

import Observation

/// The model of the screen with the articles of one section of the help centre.
@MainActor
@Observable
public final class ArticleSectionModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// The first read.
        case loading
        /// The section has no article any more.
        case empty
        /// The articles, in the company's order.
        case articles([ArticleRow])
        /// The articles cannot be read; the key is that of the reason's text.
        case failed(key: String)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// The section's name; `nil` if the help desk did not tell it, or before the first read.
    public private(set) var name: String?

    private let client: Pocketdesk
    private let section: Int64

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - section: `HelpSection.id`.
    public init(client: Pocketdesk, section: Int64) {
        self.client = client
        self.section = section
    }

    /// Keeps the screen up to date until the task is cancelled: `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        await reload()
        for await change in changes where change.articles {
            await reload()
        }
    }

    /// Reads the articles again after a read that failed.
    public func reload() async {
        do {
            let sections = try await client.helpCenter().categories.flatMap(\.sections)
            name = sections.first { $0.id == section }.flatMap { $0.name.isEmpty ? nil : $0.name }
            let articles = try await client.articles(in: section)
            state = articles.isEmpty ? .empty : .articles(articles)
        } catch .Suspended {
            // The screen keeps what it shows. Resuming reports a change of everything.
        } catch {
            state = .failed(key: error.key())
        }
    }
}

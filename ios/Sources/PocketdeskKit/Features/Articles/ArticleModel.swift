import Foundation
import Observation

/// The model of a help article: its text, its pictures, and the user's answer to whether it was helpful.
@MainActor
@Observable
public final class ArticleModel {
    /// What the screen shows.
    public enum State: Equatable, Sendable {
        /// The first read.
        case loading
        /// The company has removed the article, or has none with this id.
        case gone
        /// The article.
        case article(Article)
        /// The article cannot be read; the key is that of the reason's text.
        case failed(key: String)
    }

    /// What to show.
    public private(set) var state = State.loading

    /// The key of the text for why the user's answer could not be stored.
    public private(set) var failureKey: String?

    private let client: Pocketdesk
    private let article: Int64

    /// - Parameters:
    ///   - client: The client. Do not close it while the screen exists; it may be suspended.
    ///   - article: `ArticleRow.id`.
    public init(client: Pocketdesk, article: Int64) {
        self.client = client
        self.article = article
    }

    /// Fetches the pictures that are not on this device, and keeps the screen up to date until the task is cancelled:
    /// `.task { await model.run() }`.
    public func run() async {
        let changes = client.changes
        await reload()
        await fetchPictures()
        for await change in changes where change.articles {
            await reload()
        }
    }

    /// Reads the article again after a read that failed.
    public func reload() async {
        do {
            state = try await client.article(article).map { .article($0) } ?? .gone
        } catch .Suspended {
            // The screen keeps what it shows. Resuming reports a change of everything.
        } catch {
            state = .failed(key: error.key())
        }
    }

    /// Fetches the pictures that are not on this device, and those that could not be fetched before.
    public func fetchPictures() async {
        // If this fails, the pictures stay as they are, and can be asked for again.
        try? await client.articleOpened(article)
    }

    /// The copy of a picture on this device, by its index in `Article.pictures`; `nil` if it is not here.
    public func picture(_ index: Int) async -> URL? {
        try? await client.picture(index, of: article)
    }

    /// Says whether the article was helpful. The answer can be changed at any time.
    public func vote(_ helpful: Bool) async {
        failureKey = nil
        do {
            try await client.vote(helpful, on: article)
        } catch .NotOffered {
            // The article was removed, or nobody is asked any more: the state shows it.
        } catch {
            failureKey = error.key()
        }
    }
}

extension Article {
    /// The keys of what stands above the text.
    public var noteKeys: [String] {
        [noteKey, translated && outdated ? "article.outdated" : nil, shortened ? "article.shortened" : nil].compactMap { $0 }
    }

    /// The key of what is said after an answer; `nil` if there is none.
    public var answerKey: String? {
        vote.map { $0.waiting ? "article.helpful.waiting" : "article.helpful.thanks" }
    }
}

extension ArticleRow {
    /// When its text was last changed, by the server's clock.
    public var updated: Date { Date(milliseconds: updatedAt) }
}

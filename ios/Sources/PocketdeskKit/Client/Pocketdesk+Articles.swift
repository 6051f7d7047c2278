import Foundation

// Help articles: readable without a network once they were read. Ask again whenever `Changes.articles` is set.

extension Pocketdesk {
    /// The help centre: the categories and sections that have an article.
    public func helpCenter() async throws(ClientError) -> HelpCenter {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.helpCenter()
        }
    }

    /// The articles of a section, in the company's order. Empty if the section is gone.
    ///
    /// - Parameter section: `HelpSection.id`.
    public func articles(in section: Int64) async throws(ClientError) -> [ArticleRow] {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.articles(section: section)
        }
    }

    /// An article; `nil` if the company has removed it, or if there never was one with this id.
    ///
    /// - Parameter article: `ArticleRow.id`.
    public func article(_ article: Int64) async throws(ClientError) -> Article? {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.article(article: article)
        }
    }

    /// Tells the client that the user has opened an article. Those of its pictures that are not on this device are requested, and downloaded when the
    /// network allows. Call it again to try again what has failed.
    public func articleOpened(_ article: Int64) async throws(ClientError) {
        try await writes.run(throwing: ClientError.self) { [client] in
            try client.articleOpened(article: article)
        }
    }

    /// The copy of a picture in an article on this device; `nil` if it is not here. Newer files may displace it. Do not modify it.
    ///
    /// - Parameters:
    ///   - index: The index in `Article.pictures`, from 0.
    ///   - article: `ArticleRow.id`.
    /// - Throws: `ClientError.NoSuchFile` if the index is negative.
    public func picture(_ index: Int, of article: Int64) async throws(ClientError) -> URL? {
        try await reads.run(throwing: ClientError.self) { [client] in
            guard let index = UInt32(exactly: index) else { throw ClientError.NoSuchFile }
            return try client.pictureFile(article: article, index: index).map { URL(fileURLWithPath: $0) }
        }
    }

    /// Says whether an article was helpful. The answer is durable when the call returns, and is sent when the network allows. A later one replaces an
    /// earlier one.
    ///
    /// - Throws: `ChangeError.NotOffered` if `Article.asks` is false, or if the article is gone.
    public func vote(_ helpful: Bool, on article: Int64) async throws(ChangeError) {
        try await writes.run(throwing: ChangeError.self) { [client] in
            try client.vote(article: article, helpful: helpful)
        }
        onEnqueue?()
    }

    /// The articles, and the user's own tickets, whose titles are most like a text, at most five of each. Nothing is sent: call it while a subject is
    /// typed.
    public func similar(to text: String) async throws(ClientError) -> Similar {
        try await reads.run(throwing: ClientError.self) { [client] in
            try client.similar(text: text)
        }
    }
}

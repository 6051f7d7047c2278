#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The articles of a section, each with when it was last updated.
struct ArticleSectionView: View {
    @State private var model: ArticleSectionModel
    private let strings: Strings

    init(client: Pocketdesk, section: Int64, strings: Strings) {
        _model = State(initialValue: ArticleSectionModel(client: client, section: section))
        self.strings = strings
    }

    var body: some View {
        content
            .navigationTitle(title)
            .inlineTitle()
            .connectionStrip(strings)
            .task { await model.run() }
    }

    private var title: String {
        if case .articles = model.state { model.name ?? strings["articles.other"] } else { strings["articles.title"] }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading:
            ProgressView()
        case .empty:
            NoArticleView(text: strings["articles.none"])
        case .failed(let key):
            ContentUnavailableView {
                Label(strings[key], systemImage: "exclamationmark.triangle")
            } actions: {
                Button(strings["button.retry"]) { Task { await model.reload() } }
            }
        case .articles(let articles):
            List(articles, id: \.id) { article in
                NavigationLink(value: Route.article(article.id)) { ArticleRowView(article: article, strings: strings) }
            }
        }
    }
}

/// An article in a list.
struct ArticleRowView: View {
    let article: ArticleRow
    let strings: Strings

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(verbatim: article.title)
            Text(strings("article.updated", ["date": strings.day(article.updated)]))
                .font(.subheadline)
                .foregroundStyle(.quiet)
        }
        .frame(minHeight: 44)
        .accessibilityElement(children: .combine)
    }
}
#endif

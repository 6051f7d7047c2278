#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// A help article: when it was last updated, what is to be known of a translation, the text, and the question whether it was helpful.
struct ArticleView: View {
    @State private var model: ArticleModel
    private let strings: Strings

    init(client: Pocketdesk, article: Int64, strings: Strings) {
        _model = State(initialValue: ArticleModel(client: client, article: article))
        self.strings = strings
    }

    var body: some View {
        content
            .navigationTitle(strings["articles.title"])
            .inlineTitle()
            .connectionStrip(strings)
            .task { await model.run() }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading:
            ProgressView()
        case .gone:
            NoArticleView(text: strings["article.gone"])
        case .failed(let key):
            ContentUnavailableView {
                Label(strings[key], systemImage: "exclamationmark.triangle")
            } actions: {
                Button(strings["button.retry"]) { Task { await model.reload() } }
            }
        case .article(let article):
            ScrollView {
                VStack(alignment: .leading, spacing: 16) {
                    head(article)
                    if article.content.blocks.isEmpty {
                        Text(strings["article.no_text"])
                            .foregroundStyle(.quiet)
                    } else {
                        BodyTextView(content: article.content, strings: strings) { index in
                            ArticlePictureView(index: index, article: article, model: model, strings: strings)
                        }
                    }
                    if article.asks { question(article) }
                }
                .padding(.horizontal)
                .padding(.vertical, 8)
                .frame(maxWidth: 640, alignment: .leading)
                .frame(maxWidth: .infinity)
            }
        }
    }

    private func head(_ article: Article) -> some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(verbatim: article.row.title)
                .font(.title2.weight(.semibold))
                .accessibilityAddTraits(.isHeader)
                .frame(maxWidth: .infinity, alignment: .leading)
                .direction(of: article.row.title)
            Text(strings("article.updated", ["date": strings.day(article.row.updated)]))
                .font(.subheadline)
                .foregroundStyle(.quiet)
            ForEach(article.noteKeys, id: \.self) { key in
                Label(strings[key], systemImage: "info.circle")
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
        }
    }

    private func question(_ article: Article) -> some View {
        VStack(alignment: .leading, spacing: 8) {
            Divider()
            Text(strings["article.helpful"])
                .font(.headline)
            HStack(spacing: 12) {
                answer("article.helpful.yes", true, article)
                answer("article.helpful.no", false, article)
            }
            if let key = model.failureKey {
                Text(strings[key])
                    .font(.subheadline)
                    .foregroundStyle(.problem)
            } else if let key = article.answerKey {
                Text(strings[key])
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
            }
        }
    }

    private func answer(_ key: String, _ helpful: Bool, _ article: Article) -> some View {
        let isChosen = article.vote?.helpful == helpful
        return Button {
            Task { await model.vote(helpful) }
        } label: {
            Label(strings[key], systemImage: isChosen ? "checkmark.circle.fill" : "circle")
                .frame(minHeight: 44)
        }
        .buttonStyle(.bordered)
        .accessibilityAddTraits(isChosen ? .isSelected : [])
    }
}
#endif

#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// What a search in the help articles has found.
struct FoundArticlesView: View {
    let found: FoundArticles
    let strings: Strings

    var body: some View {
        if found.hits.isEmpty {
            ContentUnavailableView {
                Label(strings["search.empty.title"], systemImage: "magnifyingglass")
            } description: {
                Text(verbatim: strings("articles.search.empty", ["text": found.text]))
            }
        } else {
            List {
                Section(strings.counted("articles.count", UInt32(found.hits.count))) {
                    ForEach(found.hits, id: \.row.id) { hit in
                        NavigationLink(value: Route.article(hit.row.id)) { row(hit) }
                    }
                }
            }
        }
    }

    private func row(_ hit: ArticleHit) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(AttributedString(hit.title))
                .direction(of: hit.title.plainText)
            if !hit.excerpt.isEmpty {
                Text(AttributedString(hit.excerpt))
                    .font(.subheadline)
                    .foregroundStyle(.quiet)
                    .lineLimit(3)
                    .direction(of: hit.excerpt.plainText)
            }
            Text(strings("article.updated", ["date": strings.day(hit.row.updated)]))
                .font(.footnote)
                .foregroundStyle(.quiet)
        }
        .frame(minHeight: 44)
        .accessibilityElement(children: .combine)
    }
}
#endif

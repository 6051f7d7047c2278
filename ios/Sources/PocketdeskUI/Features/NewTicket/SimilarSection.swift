#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// Help articles and the user's own tickets whose titles are like the subject: perhaps one of them answers the question already.
struct SimilarSection: View {
    let similar: Similar
    let strings: Strings

    var body: some View {
        if !similar.articles.isEmpty {
            Section(strings["articles.similar"]) {
                ForEach(similar.articles.prefix(most), id: \.id) { article in
                    NavigationLink(value: Route.article(article.id)) { label(article.title, "book") }
                }
            }
        }
        if !similar.tickets.isEmpty {
            Section(strings["articles.similar_tickets"]) {
                ForEach(similar.tickets.prefix(most), id: \.id) { ticket in
                    NavigationLink(value: Route.thread(ticket.id)) { label(ticket.subject, "ticket") }
                }
            }
        }
    }

    /// More would push the form away.
    private let most = 3

    private func label(_ title: String, _ symbol: String) -> some View {
        Label {
            Text(verbatim: title)
                .lineLimit(2)
        } icon: {
            Image(systemName: symbol)
        }
    }
}
#endif

#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The help centre: its categories, and in each of them the sections that have articles.
struct HelpCenterView: View {
    @State private var model: HelpCenterModel
    private let strings: Strings

    init(client: Pocketdesk, strings: Strings) {
        _model = State(initialValue: HelpCenterModel(client: client))
        self.strings = strings
    }

    var body: some View {
        content
            .search(searched, prompt: strings["articles.search"])
            .navigationTitle(strings["articles.title"])
            .connectionStrip(strings)
            .task { await model.run() }
    }

    @ViewBuilder
    private var content: some View {
        switch model.state {
        case .loading:
            ProgressView(strings["articles.loading"])
                .frame(maxWidth: .infinity, maxHeight: .infinity)
        case .notYet:
            ContentUnavailableView {
                Label(strings["articles.empty.title"], systemImage: "wifi.slash")
            } description: {
                Text(strings["articles.empty.text"])
            }
        case .empty:
            NoArticleView(text: strings["articles.none"])
        case .failed(let key):
            ContentUnavailableView {
                Label(strings["articles.failed.title"], systemImage: "exclamationmark.triangle")
            } description: {
                Text(strings[key])
            } actions: {
                Button(strings["button.retry"]) { Task { await model.refresh() } }
            }
        case .found(let found):
            FoundArticlesView(found: found, strings: strings)
        case .categories(let categories):
            List {
                ForEach(categories, id: \.self) { category in
                    Section {
                        ForEach(category.sections, id: \.id) { row($0) }
                    } header: {
                        // A help desk without categories has nothing to tell apart.
                        if !category.name.isEmpty || categories.count > 1 {
                            Text(verbatim: name(category.name))
                        }
                    }
                }
            }
        }
    }

    /// What is searched for; `nil` while there is no article.
    private var searched: Binding<String>? {
        switch model.state {
        case .categories, .found: Bindable(model).searchText
        case .loading, .notYet, .empty, .failed: nil
        }
    }

    private func row(_ section: HelpSection) -> some View {
        NavigationLink(value: Route.articleSection(section.id)) {
            EntryLabel(
                text: name(section.name), note: strings.counted("articles.count", section.articles), symbol: "book", waiting: nil,
                strings: strings)
        }
    }

    /// What the help desk did not name has a name of ours.
    private func name(_ name: String) -> String {
        name.isEmpty ? strings["articles.other"] : name
    }
}

/// In place of articles: there is none.
struct NoArticleView: View {
    let text: String

    var body: some View {
        ContentUnavailableView {
            Label(text, systemImage: "book")
        }
    }
}
#endif

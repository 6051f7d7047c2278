#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The bar above a conversation with which a text is found in it. With a keyboard, ⌘F begins, ⌘G and ⇧⌘G step, and Escape ends.
struct FindBar: View {
    private enum Field: Hashable {
        case text
    }

    @Bindable var find: FindModel
    let strings: Strings
    @FocusState private var focus: Field?
    @Environment(\.dynamicTypeSize) private var textSize

    var body: some View {
        layout
            .padding(.horizontal)
            .padding(.vertical, 4)
            .background(.bar)
            // Whoever comes from a search reads first.
            .onAppear { if find.openings > 0 { focus = .text } }
            .onChange(of: find.openings) { focus = .text }
    }

    /// In one line or, with large text, in two.
    @ViewBuilder
    private var layout: some View {
        if textSize.isAccessibilitySize {
            VStack(spacing: 0) {
                HStack(spacing: 0) {
                    field
                    close
                }
                HStack(spacing: 0) {
                    position
                    Spacer(minLength: 0)
                    steps
                }
            }
        } else {
            HStack(spacing: 0) {
                field
                position
                    .padding(.leading, 8)
                steps
                close
            }
        }
    }

    private var field: some View {
        TextField(strings["find.field"], text: $find.text)
            .textFieldStyle(.roundedBorder)
            .autocorrectionDisabled()
            .focused($focus, equals: .text)
            .onSubmit {
                find.next()
                focus = .text
            }
    }

    @ViewBuilder
    private var position: some View {
        if let position = find.position(strings) {
            Text(position)
                .font(.subheadline)
                .foregroundStyle(.quiet)
        }
    }

    private var steps: some View {
        HStack(spacing: 0) {
            step("find.previous", "chevron.up") { find.previous() }
                .keyboardShortcut("g", modifiers: [.command, .shift])
            step("find.next", "chevron.down") { find.next() }
                .keyboardShortcut("g")
        }
        .disabled(find.hits.isEmpty)
    }

    private var close: some View {
        button("search.close", "xmark") { find.close() }
            .keyboardShortcut(.cancelAction)
    }

    private func button(_ key: String, _ symbol: String, action: @escaping @MainActor () -> Void) -> some View {
        Button(action: action) {
            Label(strings[key], systemImage: symbol)
                .labelStyle(.iconOnly)
                .frame(minWidth: 44, minHeight: 44)
        }
    }

    private func step(_ key: String, _ symbol: String, action: @escaping @MainActor () -> Void) -> some View {
        // VoiceOver says where the step has led.
        button(key, symbol, action: action)
            .accessibilityValue(find.position(strings) ?? "")
    }
}
#endif

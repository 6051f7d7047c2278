#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The messages of a thread, the changes that wait, and what is missing. ``ThreadPosition`` says where the list opens and when it moves.
struct ConversationView: View {
    let model: ThreadModel
    let ticket: Ticket
    let strings: Strings
    let editTicket: @MainActor () -> Void
    @State private var position = ThreadPosition()

    var body: some View {
        let lines = model.lines
        GeometryReader { area in
            ScrollViewReader { scroll in
                ScrollView {
                    LazyVStack(spacing: 12) {
                        ForEach(lines) { view($0) }
                    }
                    .scrollTargetLayout()
                    .padding(.horizontal)
                    .padding(.top, 12)
                    // A thread that is shorter than the screen begins below its head.
                    .frame(minHeight: area.size.height, alignment: .top)
                }
                .defaultScrollAnchor(.bottom)
                .scrollPosition(id: $position.bottom, anchor: .bottom)
                .onChange(of: lines.map(\.id), initial: true) {
                    move(position.follow(lines, found: model.find.line), scroll)
                }
                .onChange(of: model.find.jump) { _, jump in
                    move(jump.map { .toFound($0.line) }, scroll)
                }
                .overlay(alignment: .bottomTrailing) {
                    if !position.isAtEnd {
                        LatestButton(count: position.newBelow(in: lines), strings: strings) { move(.toEnd, scroll) }
                            .padding(.all, 12)
                    }
                }
            }
        }
    }

    @ViewBuilder
    private func view(_ line: ThreadLine) -> some View {
        switch line {
        case .message(let message, _):
            MessageView(message: message, ticket: ticket, model: model, strings: strings, editTicket: editTicket)
        case .change(let change):
            PendingChangeView(change: change, model: model, strings: strings)
        case .new:
            NewLine(strings: strings)
        case .notFetched:
            note(strings["ticket.not_fetched"])
        case .leftOut(let count):
            note(strings.counted("ticket.left_out", count))
        case .end:
            // So far from its end, the list still counts as being there.
            Spacer(minLength: 0)
                .frame(height: 16)
        }
    }

    private func note(_ text: String) -> some View {
        Label(text, systemImage: "info.circle")
            .font(.footnote)
            .foregroundStyle(.quiet)
            .frame(maxWidth: .infinity, alignment: .leading)
    }

    private func move(_ move: ThreadPosition.Move?, _ scroll: ScrollViewProxy) {
        switch move {
        case .toNew:
            scroll.scrollTo(ThreadLine.ID.new, anchor: .top)
        case .toEnd:
            withAnimation {
                position.bottom = .end
                scroll.scrollTo(ThreadLine.ID.end, anchor: .bottom)
            }
        case .toFound(let line):
            scroll.scrollTo(line, anchor: .top)
        case nil:
            break
        }
    }
}

/// Everything below is new.
private struct NewLine: View {
    let strings: Strings

    var body: some View {
        HStack(spacing: 12) {
            line
            Text(strings["thread.new"])
                .font(.footnote.weight(.semibold))
            line
        }
        .accessibilityElement(children: .combine)
        .accessibilityAddTraits(.isHeader)
    }

    private var line: some View {
        Capsule()
            .fill(.tint)
            .frame(height: 1)
    }
}

/// A button above the end of the thread that leads there, with the number of new messages below.
private struct LatestButton: View {
    let count: UInt32
    let strings: Strings
    let action: @MainActor () -> Void

    var body: some View {
        Button(action: action) {
            HStack(spacing: 6) {
                if count > 0 { Text(strings.number(count)) }
                Image(systemName: "chevron.down")
            }
            .font(.subheadline.weight(.semibold))
            .frame(minWidth: 28, minHeight: 32)
        }
        .buttonStyle(.borderedProminent)
        .dynamicTypeSize(...DynamicTypeSize.accessibility1)
        .accessibilityLabel(strings["thread.latest"])
        .accessibilityValue(count > 0 ? strings.counted("thread.unread", count) : "")
    }
}
#endif

#if os(iOS)
import PocketdeskKit
import SwiftUI

/// The buttons above the field of a reply, with the shortcuts of a keyboard: ⌘B, ⌘I and ⌘K.
struct FormatBar: View {
    @Bindable var model: ThreadModel
    let strings: Strings
    @State private var isLinking = false
    @State private var address = ""

    var body: some View {
        let looks = model.editor.looks()
        ScrollView(.horizontal) {
            HStack(spacing: 4) {
                button("format.bold", "bold", isOn: looks.bold) { model.editor = model.editor.toggled(look: .bold) }
                    .keyboardShortcut("b")
                button("format.italic", "italic", isOn: looks.italic) { model.editor = model.editor.toggled(look: .italic) }
                    .keyboardShortcut("i")
                button("format.bullets", "list.bullet", isOn: looks.list == .bullets) { model.editor = model.editor.listed(list: .bullets) }
                button("format.numbers", "list.number", isOn: looks.list == .numbers) { model.editor = model.editor.listed(list: .numbers) }
                button("format.link", "link", isOn: looks.link != nil) {
                    address = looks.link ?? ""
                    isLinking = true
                }
                .keyboardShortcut("k")
            }
        }
        .disabled(model.isSending || model.isActing)
        .alert(strings["format.link"], isPresented: $isLinking) {
            TextField(strings["format.link.address"], text: $address)
                .keyboardType(.URL)
                .textInputAutocapitalization(.never)
            Button(strings["format.link.set"]) { model.link(to: address) }
            if looks.link != nil {
                Button(strings["format.link.remove"], role: .destructive) { model.editor = model.editor.unlinked() }
            }
            Button(strings["button.cancel"], role: .cancel) {}
        }
    }

    private func button(_ key: String, _ symbol: String, isOn: Bool, action: @escaping @MainActor () -> Void) -> some View {
        Button(action: action) { Label(strings[key], systemImage: symbol) }
            .labelStyle(.iconOnly)
            .frame(minWidth: 44, minHeight: 44)
            .background(Color.accentColor.opacity(isOn ? 0.18 : 0), in: RoundedRectangle(cornerRadius: 8))
            .accessibilityAddTraits(isOn ? [.isSelected] : [])
    }
}
#endif

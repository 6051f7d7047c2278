#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The chosen issue type. A tap shows all of them in place, each with its explanation.
struct IssueTypeSection: View {
    @Bindable var model: NewTicketModel
    let strings: Strings
    @State private var isOpen = false

    var body: some View {
        Section {
            DisclosureGroup(isExpanded: $isOpen) {
                ForEach(model.product.issueTypes, id: \.id) { type in
                    Button {
                        model.draft.issueType = type.id
                        isOpen = false
                    } label: {
                        row(type)
                    }
                    .buttonStyle(.plain)
                    .accessibilityAddTraits(type.id == model.draft.issueType ? .isSelected : [])
                }
            } label: {
                Text(chosen)
                    .accessibilityLabel(strings["new.issue_type"])
                    .accessibilityValue(chosen)
            }
            FieldMessages(messages: model.messages(.issueType), strings: strings)
        } header: {
            Text(strings["new.issue_type"])
        } footer: {
            // It says which type to keep when unsure, so there has to be one that is chosen already.
            if !model.product.preselectedIssueType.isEmpty { Text(strings["new.issue_type.hint"]) }
        }
        .onChange(of: isOpen) { _, isOpen in
            if !isOpen { model.leave(.issueType) }
        }
    }

    private var chosen: String {
        model.product.issueType(model.draft.issueType).map { strings[$0.labelKey] } ?? strings["field.issue_type.unknown"]
    }

    private func row(_ type: IssueType) -> some View {
        HStack(alignment: .firstTextBaseline) {
            VStack(alignment: .leading, spacing: 2) {
                Text(strings[type.labelKey])
                if let key = type.explanationKey {
                    Text(strings[key])
                        .font(.subheadline)
                        .foregroundStyle(.quiet)
                }
            }
            Spacer(minLength: 8)
            if type.id == model.draft.issueType {
                Image(systemName: "checkmark")
                    .foregroundStyle(.tint)
            }
        }
        .frame(minHeight: 44)
    }
}
#endif

#if canImport(SwiftUI)
import PocketdeskKit
import SwiftUI

/// The filters of the history, in a row that scrolls: one menu for each, with the number of tickets beside each value. What cannot be chosen
/// in this product is not there.
struct HistoryFilterBar: View {
    let model: HistoryModel
    let strings: Strings

    private var filter: HistoryFilter { model.filter }

    var body: some View {
        ScrollView(.horizontal) {
            HStack(spacing: 8) {
                if let options = model.options {
                    if !options.statuses.isEmpty { statuses(options) }
                    if !options.ticketTypes.isEmpty { types(options) }
                    if options.byCreator { creators }
                    if options.byRead { reads }
                }
                if filter != HistoryFilter() {
                    Button(strings["history.filter.clear"]) { Task { await model.clearFilter() } }
                        .font(.subheadline)
                }
            }
            .padding(.horizontal)
            .padding(.vertical, 8)
        }
        .accessibilityElement(children: .contain)
        .accessibilityLabel(strings["history.filter"])
    }

    private func statuses(_ options: HistoryOptions) -> some View {
        menu("column.status", chosen: names(options.statuses, filter.statuses) + names(options.marks, filter.marks)) {
            ForEach(options.statuses, id: \.id) { choice in
                value(strings[choice.labelKey], count(model.counts?.statuses, choice.id), isOn: filter.statuses.contains(choice.id)) {
                    await model.toggle(status: choice.id)
                }
            }
            ForEach(options.marks, id: \.id) { choice in
                value(strings[choice.labelKey], count(model.counts?.marks, choice.id), isOn: filter.marks.contains(choice.id)) {
                    await model.toggle(mark: choice.id)
                }
            }
        }
    }

    private func types(_ options: HistoryOptions) -> some View {
        menu("column.ticket_type", chosen: names(options.ticketTypes, filter.ticketTypes)) {
            ForEach(options.ticketTypes, id: \.id) { choice in
                let isOn = filter.ticketTypes.contains(choice.id)
                value(strings[choice.labelKey], count(model.counts?.ticketTypes, choice.id), isOn: isOn) {
                    await model.toggle(ticketType: choice.id)
                }
            }
        }
    }

    private var creators: some View {
        menu("column.creator", chosen: filter.mine ? [strings["history.filter.me"]] : []) {
            ForEach([false, true], id: \.self) { mine in
                let name = strings[mine ? "history.filter.me" : "history.filter.all_users"]
                value(name, mine ? model.counts?.mine : model.counts?.anyone, isOn: filter.mine == mine) {
                    var changed = filter
                    changed.mine = mine
                    await model.filter(by: changed)
                }
            }
        }
    }

    private var reads: some View {
        menu("history.sort.read", chosen: filter.read.map { [strings[$0 ? "history.filter.read" : "history.filter.unread"]] } ?? []) {
            ForEach([false, true], id: \.self) { read in
                let name = strings[read ? "history.filter.read" : "history.filter.unread"]
                value(name, read ? model.counts?.read : model.counts?.unread, isOn: filter.read == read) {
                    var changed = filter
                    changed.read = filter.read == read ? nil : read
                    await model.filter(by: changed)
                }
            }
        }
    }

    private func names(_ choices: [HistoryChoice], _ ids: [String]) -> [String] {
        choices.filter { ids.contains($0.id) }.map { strings[$0.labelKey] }
    }

    private func count(_ counts: [HistoryCount]?, _ id: String) -> UInt64? {
        counts?.first { $0.id == id }?.tickets
    }

    /// A menu with the name of a filter, and of what is chosen in it.
    private func menu(_ key: String, chosen: [String], @ViewBuilder values: @escaping () -> some View) -> some View {
        let name = strings[key]
        let label: String =
            switch chosen.count {
            case 0: name
            case 1: strings("history.filter.chosen", ["filter": name, "values": chosen[0]])
            default: strings("history.filter.several", ["filter": name, "count": strings.number(UInt32(chosen.count))])
            }
        return Menu(content: values) {
            Text(verbatim: label)
                .font(.subheadline.weight(chosen.isEmpty ? .regular : .semibold))
        }
        .buttonStyle(.bordered)
    }

    /// A value of a filter. VoiceOver says how many tickets have it.
    private func value(_ name: String, _ count: UInt64?, isOn: Bool, choose: @escaping @MainActor () async -> Void) -> some View {
        let isChosen = Binding(get: { isOn }, set: { _ in Task { await choose() } })
        let number = UInt32(clamping: count ?? 0)
        return Toggle(count == nil ? name : "\(name) (\(strings.number(number)))", isOn: isChosen)
            .accessibilityLabel(strings.counted("history.filter.count", number, ["name": name]))
    }
}

/// In which order the history is. The same order again is the other direction.
struct HistorySortMenu: View {
    let model: HistoryModel
    let sorts: [SortChoice]
    let strings: Strings

    var body: some View {
        Menu {
            ForEach(sorts, id: \.labelKey) { choice in
                let isOn = model.sort?.key == choice.key
                Button {
                    Task { await model.sort(by: choice.key) }
                } label: {
                    if isOn {
                        Label(strings[choice.labelKey], systemImage: model.sort?.descending == true ? "arrow.down" : "arrow.up")
                    } else {
                        Text(strings[choice.labelKey])
                    }
                }
                .accessibilityValue(isOn ? sorted(choice) : "")
            }
        } label: {
            Label(strings["history.sort"], systemImage: "arrow.up.arrow.down")
        }
    }

    private func sorted(_ choice: SortChoice) -> String {
        let key = model.sort?.descending == true ? "history.sorted.descending" : "history.sorted.ascending"
        return strings(key, ["name": strings[choice.labelKey]])
    }
}
#endif

// refused: cannot convert value of type 'Bool' to expected argument type 'Binding<Bool>'
import SwiftUI

struct Thread: View {
    let isEditing: Bool

    var body: some View {
        Text(verbatim: "Überweisung").sheet(isPresented: isEditing) { EmptyView() }
    }
}

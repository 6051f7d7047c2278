// refused: cannot convert value of type 'Binding<String>' to expected argument type 'Binding<Bool>'
import SwiftUI

struct Access: View {
    @State private var access = "on"

    var body: some View {
        Toggle("Ticket access" as String, isOn: $access)
    }
}

// The first process of a scenario. It starts without a file, reads the history, loses the network, writes, and ends without closing anything.
//
//     ScenarioChild mobile URL-OF-THE-SANDBOX FOLDER
//     ScenarioChild web URL-OF-THE-SANDBOX FOLDER FILE
//
// It prints the ticket's local id when everything is durable, and then exits without running a destructor.

import Foundation
import SandboxClient

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3, let url = URL(string: arguments[1]) else { exit(2) }
let folder = URL(fileURLWithPath: arguments[2])

let ticket =
    switch arguments[0] {
    case "mobile": try await writeTicketAndReplies(in: folder, at: SandboxServer(url: url))
    case "web": try await fillInTheForm(in: folder, at: SandboxServer(url: url), attaching: URL(fileURLWithPath: arguments[3]))
    default: exit(2)
    }

print(ticket)
fflush(nil)
_exit(0)

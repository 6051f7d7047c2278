// A process of a scenario that ends offline: it reads the history, loses the network, writes, and ends without closing anything.
//
//     ScenarioChild mobile URL-OF-THE-SANDBOX FOLDER
//     ScenarioChild web URL-OF-THE-SANDBOX FOLDER FILE
//     ScenarioChild hub URL-OF-THE-SANDBOX FOLDER
//     ScenarioChild hub-feedback URL-OF-THE-SANDBOX FOLDER
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
    case "hub": try await closeATicket(in: folder, at: SandboxServer(url: url))
    case "hub-feedback": try await giveFeedback(in: folder, at: SandboxServer(url: url))
    default: exit(2)
    }

print(ticket)
fflush(nil)
_exit(0)

// The first process of the scenario. It starts without a file, reads the history, loses the network, writes a ticket and two replies, and ends
// without closing anything.
//
//     ScenarioChild URL-OF-THE-SANDBOX FOLDER
//
// It prints the ticket's local id when everything is durable, and then exits without running a destructor.

import Foundation
import PocketdeskKit
import SandboxClient

let arguments = CommandLine.arguments
guard arguments.count == 3, let url = URL(string: arguments[1]) else { exit(2) }

let sandbox = SandboxServer(url: url)
let client = try await Pocketdesk.open(.ada(in: URL(fileURLWithPath: arguments[2]), on: url), tokens: FixedToken())
client.setInFront(true)
client.setOnline(true)
_ = try await client.waitFor("the first sync") { client in
    try await client.history(limit: 200).total == 300 ? true : nil
}

try await sandbox.goOffline()
client.setOnline(false)

var draft = try await client.ticketDraft()
draft.subject = ScenarioData.subject
draft.issueType = "payments_finance"
draft.description = ScenarioData.description
draft.cc = [ScenarioData.cc[0]]
draft.ccEntry = ScenarioData.cc[1]
draft.access = true
let ticket = try await client.submit(draft)
for text in ScenarioData.replies {
    var reply = try await client.replyDraft(ticket)
    reply.body = text
    try await client.reply(reply)
}

print(ticket)
fflush(nil)
_exit(0)

// The first life of the scenario's process: cold start, history, tunnel, a ticket, two replies — and the end, without a goodbye.
//
//     ScenarioChild URL-OF-THE-SANDBOX FOLDER
//
// Prints the ticket's local id when everything is durable, and then is gone: nothing is closed, no destructor runs.

import Foundation
import PocketdeskKit
import SandboxClient

let arguments = CommandLine.arguments
guard arguments.count == 3, let url = URL(string: arguments[1]) else { exit(2) }

let sandbox = Sandbox(url: url)
let desk = try await Pocketdesk.open(.ada(in: URL(fileURLWithPath: arguments[2]), on: url), tokens: FixedToken())
desk.setInFront(true)
desk.setOnline(true)
_ = try await desk.first("the first sync") { desk in
    try await desk.history(limit: 200).total == 300 ? true : nil
}

try await sandbox.goOffline()
desk.setOnline(false)

var draft = try await desk.ticketDraft()
draft.subject = Story.subject
draft.issueType = "payments_finance"
draft.description = Story.description
draft.cc = [Story.cc[0]]
draft.ccEntry = Story.cc[1]
draft.access = true
let ticket = try await desk.submit(draft)
for text in Story.replies {
    var reply = try await desk.replyDraft(ticket)
    reply.body = text
    try await desk.reply(reply)
}

print(ticket)
fflush(nil)
_exit(0)

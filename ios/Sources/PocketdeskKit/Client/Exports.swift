// The types that cross from the core (tickets, drafts, errors) are part of this module's interface: one import is enough for an app.
@_exported import PocketdeskBindings

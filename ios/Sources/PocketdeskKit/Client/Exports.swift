// Tickets, drafts, errors and the other types of the bindings are part of this module's interface, so that apps need one import only.
@_exported import PocketdeskBindings

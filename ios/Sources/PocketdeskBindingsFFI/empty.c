// Nothing to compile: this target carries the generated header to Swift and links the core. SwiftPM wants one C file in it.

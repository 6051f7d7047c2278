#if canImport(SwiftUI)
import CoreTransferable
import Foundation
import PhotosUI
import PocketdeskKit
import SwiftUI
import UniformTypeIdentifiers

/// Lets the user choose screenshots, photos and videos of the library, which the picker for files does not show. The system's own picker needs no
/// permission: the app gets what was chosen, and nothing else. Not shown if the product takes no pictures.
struct PhotoButton: View {
    let files: DraftFilesModel
    let strings: Strings
    let attach: @MainActor ([ChosenFile]) async -> Void
    @State private var chosen: [PhotosPickerItem] = []

    var body: some View {
        if files.takesPictures {
            PhotosPicker(
                selection: $chosen,
                maxSelectionCount: max(files.room, 1),
                matching: files.takesVideos ? .any(of: [.images, .videos]) : .images,
                preferredItemEncoding: files.takesPhonesPhotos ? .current : .compatible
            ) {
                Label(strings["attachment.photos"], systemImage: "photo")
            }
            .disabled(files.room == 0)
            .onChange(of: chosen) { _, items in
                guard !items.isEmpty else { return }
                chosen = []
                Task { await attach(items.map { ChosenFile($0) }) }
            }
        }
    }
}

extension ChosenFile {
    /// What was chosen in the library. It may have to come from a cloud first.
    fileprivate init(_ item: PhotosPickerItem) {
        self.init(name: item.supportedContentTypes.first?.preferredFilenameExtension?.uppercased() ?? "") {
            guard let copy = try await item.loadTransferable(type: PhotoCopy.self) else { throw CocoaError(.fileReadUnknown) }
            return (copy.file, copy.name)
        }
    }
}

/// A copy of a photo or a video among the temporary files.
private struct PhotoCopy: Transferable {
    let file: URL
    let name: String

    static var transferRepresentation: some TransferRepresentation {
        FileRepresentation(importedContentType: .image) { try PhotoCopy(of: $0.file) }
        FileRepresentation(importedContentType: .movie) { try PhotoCopy(of: $0.file) }
    }

    /// The system deletes what it hands over as soon as this returns.
    private init(of received: URL) throws {
        name = received.lastPathComponent
        file = FileManager.default.temporaryDirectory.appendingPathComponent("pocketdesk-photo-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: received, to: file)
    }
}
#endif

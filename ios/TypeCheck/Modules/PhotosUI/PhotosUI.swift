// Declarations of PhotosUI for the type check: see ../../README.md.

import CoreTransferable
import SwiftUI
import UniformTypeIdentifiers

// PhotosUI/PHPickerFilter-swift.struct · iOS 14, macOS 13
public struct PHPickerFilter: Equatable, Sendable {
    // PhotosUI/PHPickerFilter-swift.struct/images · iOS 14, macOS 13
    public static let images = PHPickerFilter()
    // PhotosUI/PHPickerFilter-swift.struct/videos · iOS 14, macOS 13
    public static let videos = PHPickerFilter()
    // PhotosUI/PHPickerFilter-swift.struct/any(of:) · iOS 14, macOS 13
    public static func any(of subfilters: [PHPickerFilter]) -> PHPickerFilter { fatalError() }
}

// PhotosUI/PhotosPickerItem · iOS 16, macOS 13
public struct PhotosPickerItem: Equatable, Hashable, Sendable {
    // PhotosUI/PhotosPickerItem/EncodingDisambiguationPolicy · iOS 16, macOS 13
    public struct EncodingDisambiguationPolicy: Equatable, Hashable, Sendable {
        // PhotosUI/PhotosPickerItem/EncodingDisambiguationPolicy/automatic · iOS 16, macOS 13
        public static let automatic = EncodingDisambiguationPolicy()
        // PhotosUI/PhotosPickerItem/EncodingDisambiguationPolicy/current · iOS 16, macOS 13
        public static let current = EncodingDisambiguationPolicy()
        // PhotosUI/PhotosPickerItem/EncodingDisambiguationPolicy/compatible · iOS 16, macOS 13
        public static let compatible = EncodingDisambiguationPolicy()
    }
    // PhotosUI/PhotosPickerItem/supportedContentTypes · iOS 16, macOS 13
    public var supportedContentTypes: [UTType] { fatalError() }
    // PhotosUI/PhotosPickerItem/loadTransferable(type:) · iOS 16, macOS 13
    public func loadTransferable<T: Transferable>(type: T.Type) async throws -> T? { fatalError() }
}

// PhotosUI/PhotosPicker · iOS 16, macOS 13
public struct PhotosPicker<Label: View> {
    // PhotosUI/PhotosPicker/init(selection:maxSelectionCount:selectionBehavior:matching:preferredItemEncoding:label:) · iOS 16, macOS 13
    nonisolated public init(
        selection: Binding<[PhotosPickerItem]>, maxSelectionCount: Int? = nil,
        selectionBehavior: PhotosPickerSelectionBehavior = .default, matching filter: PHPickerFilter? = nil,
        preferredItemEncoding: PhotosPickerItem.EncodingDisambiguationPolicy = .automatic, @ViewBuilder label: () -> Label
    ) { fatalError() }
}
extension PhotosPicker: View, Drawn {
    public typealias Body = Never
}

// PhotosUI/PhotosPickerSelectionBehavior · iOS 16, macOS 13
public struct PhotosPickerSelectionBehavior: Equatable, Hashable, Sendable {
    // PhotosUI/PhotosPickerSelectionBehavior/default · iOS 16, macOS 13
    public static let `default` = PhotosPickerSelectionBehavior()
}

// Declarations of CoreTransferable for the type check: see ../../README.md.

import Foundation
import UniformTypeIdentifiers

// CoreTransferable/Transferable · iOS 16, macOS 13
public protocol Transferable {
    associatedtype Representation: TransferRepresentation
    @TransferRepresentationBuilder<Self> static var transferRepresentation: Self.Representation { get }
}

// CoreTransferable/TransferRepresentation · iOS 16, macOS 13
public protocol TransferRepresentation: Sendable {
    associatedtype Item: Transferable
}

// CoreTransferable/TransferRepresentationBuilder · iOS 16, macOS 13
@resultBuilder
public struct TransferRepresentationBuilder<Item: Transferable> {
    // CoreTransferable/TransferRepresentationBuilder/buildExpression(_:) · iOS 16, macOS 13
    public static func buildExpression<Content: TransferRepresentation>(_ content: Content) -> Content where Item == Content.Item {
        fatalError()
    }
    // CoreTransferable/TransferRepresentationBuilder/buildBlock(_:) · iOS 16, macOS 13
    public static func buildBlock<Content: TransferRepresentation>(_ content: Content) -> Content where Item == Content.Item {
        fatalError()
    }
    // CoreTransferable/TransferRepresentationBuilder/buildBlock(_:_:) · iOS 16, macOS 13
    public static func buildBlock<Content1: TransferRepresentation, Content2: TransferRepresentation>(
        _ content1: Content1, _ content2: Content2
    ) -> TupleTransferRepresentation<Item, (Content1, Content2)> where Item == Content1.Item, Content1.Item == Content2.Item {
        fatalError()
    }
}

// CoreTransferable/TupleTransferRepresentation · iOS 16, macOS 13
public struct TupleTransferRepresentation<Item: Transferable, Value: Sendable>: TransferRepresentation {}

// CoreTransferable/FileRepresentation · iOS 16, macOS 13
public struct FileRepresentation<Item: Transferable>: TransferRepresentation {
    // CoreTransferable/FileRepresentation/init(importedContentType:shouldAttemptToOpenInPlace:importing:) · iOS 16, macOS 13
    public init(
        importedContentType: UTType, shouldAttemptToOpenInPlace: Bool = false,
        importing: @escaping @Sendable (ReceivedTransferredFile) async throws -> Item
    ) { fatalError() }
}

// CoreTransferable/ReceivedTransferredFile · iOS 16, macOS 13
public struct ReceivedTransferredFile: Sendable {
    // CoreTransferable/ReceivedTransferredFile/file · iOS 16, macOS 13
    public let file: URL
}

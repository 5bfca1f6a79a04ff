import Testing

@Suite struct ArrowTests {
    @Test func everyImportIsAnArrowThatIsDrawn() {
        #expect(SourceTree.files.count > 10, "the sources were not found under \(SourceTree.root)")
        for file in SourceTree.files {
            guard let target = Arrows.target(ofFile: file.path) else { continue }
            for (number, line) in file.lines.enumerated() {
                guard let module = Arrows.importedModule(line) else { continue }
                let objection = Arrows.objection(target: target, module: module)
                #expect(objection == nil, "\(file.path):\(number + 1): \(objection ?? "")")
            }
        }
    }

    @Test(arguments: [
        ("import ForeverMix", "ForeverMix"), ("public import Foundation", "Foundation"),
        ("@preconcurrency import Glibc", "Glibc"), ("import struct ForeverCore.Track", "ForeverCore"),
        ("package import ForeverHTTP // why", "ForeverHTTP"),
    ]) func importLinesAreRead(line: String, module: String) {
        #expect(Arrows.importedModule(line) == module)
    }

    @Test func otherLinesAreNotImports() {
        #expect(Arrows.importedModule("// import ForeverMix") == nil)
        #expect(Arrows.importedModule("let important = 1") == nil)
        #expect(Arrows.importedModule("important import") == nil)
    }

    @Test func arrowsThatAreNotDrawnAreObjectedTo() {
        #expect(Arrows.objection(target: "ForeverMix", module: "ForeverHTTP") != nil)
        #expect(Arrows.objection(target: "ForeverRelay", module: "ForeverMix") != nil)
        #expect(Arrows.objection(target: "ForeverRelay", module: "Foundation") != nil)
        #expect(Arrows.objection(target: "ForeverRelay", module: "FoundationEssentials") == nil)
        #expect(Arrows.objection(target: "ForeverCodec", module: "ForeverMix") == nil)
        #expect(Arrows.target(ofFile: "Sources/ForeverMix/Codec/AudioFile.swift") == "ForeverCodec")
        #expect(Arrows.target(ofFile: "Sources/ForeverMix/Audio/AudioFormat.swift") == "ForeverMix")
    }
}

import Foundation
import ForeverTestKit
import Testing

/// The operator's page in a real browser, and what it shows.
@Suite(.serialized, .enabled(if: Programs.tool("chromium") != nil)) struct MonitorTests {
    @Test func showsTransitionsToWhoHasTheToken() throws {
        let data = try TemporaryFolder()
        // So far ahead that a transition is mixed and measured within the test.
        let station = try Station.root(data: data, ["--lead", "400"])
        let token = String(decoding: data.bytes(of: "root/operator-token"), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try fetch(station.url + "operator/transitions").status == 401)
        let browser = try Browser()
        try browser.open(station.url + "monitor", width: 390, height: 844)
        try waitUntil("the question for the token") {
            try browser.value("document.getElementById('entrance')?.hidden") == "false"
        }
        func enter(_ word: String) throws {
            _ = try browser.value(
                "(document.getElementById('token').value = '\(word)', document.getElementById('entrance').requestSubmit())"
            )
        }
        try enter("wrong")
        try waitUntil("a wrong token is told") {
            try browser.value("document.getElementById('state').textContent")?.contains("not the operator") == true
        }
        try enter(token)
        try waitUntil("the list") { try browser.value("document.getElementById('transitions').hidden") == "false" }
        #expect(try browser.value("document.getElementById('entrance').hidden") == "true")
        try waitUntil("a transition with its figures", seconds: 120) {
            try browser.value("document.querySelectorAll('tr.heard').length") != "0"
        }
        let row = try #require(try browser.value("document.querySelector('tr.heard').textContent"))
        #expect(row.contains("→"))
        let figures = "document.querySelectorAll('tr.figures')[0].children.length"
        #expect(try browser.value(figures) == browser.value("document.querySelectorAll('thead th').length"))
        #expect(try browser.value("document.documentElement.scrollWidth <= innerWidth") == "true")
        #expect(browser.complaints.filter { !$0.contains("401") }.isEmpty, "\(browser.complaints)")
    }
}

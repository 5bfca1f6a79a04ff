import ForeverHTTP

extension StreamService {
    /// `/timing.json`: both clocks and the live edge, for pages that match their own clock to it.
    func timing() -> Response {
        guard let feed else { return unavailable() }
        advance()
        var json = JSONWriter()
        json.object { json in
            json.field("serverTimeMilliseconds", loop.wallMilliseconds)
            json.field("monotonicNanoseconds", loop.nowNanoseconds)
            json.field("epoch", feed.epoch.description)
            json.field("livePosition", feed.live)
            json.field("byteRate", feed.format.byteRate)
        }
        return .json(json.bytes)
    }

    /// `/listeners/UUID`: where a connection's sound comes from.
    func listener(_ request: Request) -> Response {
        guard let fanout, let name = ListenerName(request.parameters["name"] ?? ""),
            let answer = fanout.maps.answer(name, now: loop.nowNanoseconds)
        else { return .json(Array("{\"error\":\"no such listener\"}".utf8), status: .notFound) }
        var json = JSONWriter()
        json.object { json in
            switch answer {
            case .at(let url): json.field("at", url)
            case .segments(let segments):
                json.field("epoch", (segments.last?.epoch ?? fanout.feed.epoch).description)
                json.field("byteRate", fanout.feed.format.byteRate)
                json.array("segments") { json in
                    for segment in segments {
                        json.object { json in
                            json.field("sent", segment.sent)
                            json.field("position", segment.position)
                            json.field("epoch", segment.epoch.description)
                        }
                    }
                }
            }
        }
        return .json(json.bytes)
    }

    /// `/status.json`.
    func status() -> Response {
        advance()
        let statistics = fanout?.statistics ?? FanoutStatistics()
        let atRelays = relayListeners?() ?? 0
        var json = JSONWriter()
        json.object { json in
            json.field("role", settings.role.rawValue)
            json.field("version", settings.version)
            json.field("name", profile.name)
            json.field("epoch", feed?.epoch.description)
            json.field("startedAtMilliseconds", startedAtMilliseconds)
            json.field("healthy", isHealthy)
            json.object("listeners") { json in
                json.field("here", statistics.listeners)
                json.field("relays", atRelays)
                json.field("total", statistics.listeners + atRelays)
                json.field("peak", statistics.listenersPeak)
            }
            json.field("connections", statistics.connections)
            json.field("relayConnections", statistics.relays)
            json.array("connectionsPerLoop") { json in
                for count in fanout?.connectionsPerLoop ?? [] { json.value(count) }
            }
            json.field("agents", json: statistics.agents.merged.json.bytes)
            json.field("bytesSent", statistics.bytesSent)
            json.field("wireSentBytes", statistics.wire.sentBytes)
            json.field("wireReceivedBytes", statistics.wire.receivedBytes)
            json.field("skips", statistics.skips)
            json.field("droppedStalled", statistics.droppedStalled)
            json.field("letGo", statistics.letGo)
            json.field("livePosition", feed?.live ?? 0)
            json.field("mixingEdgePosition", feed?.edge ?? 0)
            json.field("leadSeconds", feed.map { ($0.leadSeconds * 1_000).rounded() / 1_000 } ?? 0)
            json.field("starvedCount", feed?.clock.starvedCount ?? 0)
            if let upstream = upstreamJSON?() { json.field("upstream", json: upstream) } else { json.null("upstream") }
            if let budget = budgetJSON?() { json.field("budget", json: budget) } else { json.null("budget") }
            json.field("history", json: historyJSON?() ?? Array("[]".utf8))
            json.field("relays", json: relaysJSON?() ?? Array("[]".utf8))
        }
        return .json(json.bytes)
    }

    /// `/metrics` in Prometheus' text form (version 0.0.4).
    func metrics() -> Response {
        advance()
        let statistics = fanout?.statistics ?? FanoutStatistics()
        let turnedAway = connectionsTurnedAway?() ?? (refused: 0, evicted: 0)
        var rows = [
            MetricRow(
                "listeners", "gauge", "Listeners here that heard five seconds or more", "\(statistics.listeners)"),
            MetricRow("relay_listeners", "gauge", "Listeners at relays", "\(relayListeners?() ?? 0)"),
            MetricRow("connections", "gauge", "Open connections of listeners", "\(statistics.connections)"),
            MetricRow("relay_connections", "gauge", "Open connections of relays", "\(statistics.relays)"),
            MetricRow("loops", "gauge", "Threads that serve listeners", "\(fanout?.loopCount ?? 0)"),
            MetricRow("joined_total", "counter", "Stream connections since the start", "\(statistics.joined)"),
            MetricRow("sent_bytes_total", "counter", "Bytes of sound and titles sent", "\(statistics.bytesSent)"),
            MetricRow(
                "wire_sent_bytes_total", "counter", "The same with all headers and repetitions",
                "\(statistics.wire.sentBytes)"),
            MetricRow(
                "wire_received_bytes_total", "counter", "Received from listeners, headers only mostly",
                "\(statistics.wire.receivedBytes)"),
            MetricRow("sends_total", "counter", "Send calls", "\(statistics.sends)"),
            MetricRow("skips_total", "counter", "Pieces that slow listeners lost", "\(statistics.skips)"),
            MetricRow("skipped_bytes_total", "counter", "Bytes that slow listeners lost", "\(statistics.skippedBytes)"),
            MetricRow(
                "dropped_total", "counter", "Connections dropped because they stalled", "\(statistics.droppedStalled)"),
            MetricRow("let_go_total", "counter", "Connections let go by a server that drains", "\(statistics.letGo)"),
            MetricRow(
                "refused_total", "counter", "Connections refused, their address had enough", "\(turnedAway.refused)"),
            MetricRow("evicted_total", "counter", "Idle connections closed for new ones", "\(turnedAway.evicted)"),
            MetricRow("live_position_bytes", "gauge", "The live edge", "\(feed?.live ?? 0)"),
            MetricRow("mixing_edge_position_bytes", "gauge", "The mixing edge", "\(feed?.edge ?? 0)"),
            MetricRow("lead_seconds", "gauge", "How far the mixing edge is ahead of live", "\(feed?.leadSeconds ?? 0)"),
            MetricRow("starved_total", "counter", "How often live had to stop", "\(feed?.clock.starvedCount ?? 0)"),
            MetricRow("healthy", "gauge", "1 when sound is leaving", isHealthy ? "1" : "0"),
        ]
        let agents = statistics.agents.merged
        rows += AgentFamily.allCases.filter { agents[$0] > 0 }.map { family in
            MetricRow(
                "listeners_by_player", "gauge", "Listeners here by player", "\(agents[family])", ["player": family.name]
            )
        }
        rows += (budgetMetrics?() ?? []) + (relayMetrics?() ?? []) + (stationMetrics?() ?? [])
        let text = MetricRow.text(rows)
        var response = Response.bytes(Array(text.utf8), contentType: "text/plain; version=0.0.4; charset=utf-8")
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}

print("forever-relay: not built yet")

print("forever-server: not built yet")

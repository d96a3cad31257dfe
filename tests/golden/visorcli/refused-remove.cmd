visorcli software bundle refused remove -n heartbeat --bundle-version=1.1

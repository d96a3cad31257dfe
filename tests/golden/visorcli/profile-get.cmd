visorcli software profile get

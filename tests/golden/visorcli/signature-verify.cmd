visorcli software bundle signature verify

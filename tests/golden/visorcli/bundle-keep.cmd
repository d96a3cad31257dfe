visorcli software bundle keep

visorcli software bundle list

visorcli software profile validate

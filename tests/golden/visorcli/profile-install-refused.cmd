visorcli software profile install -p lab

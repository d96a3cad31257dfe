visorcli software profile list -d http://depot/main

visorcli software sources bundle list -d http://depot/main

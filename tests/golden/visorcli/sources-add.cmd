visorcli software sources add --depot=http://depot/main

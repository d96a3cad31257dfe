visorcli software sources remove -d http://depot/other

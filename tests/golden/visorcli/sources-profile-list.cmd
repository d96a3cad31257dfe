visorcli software sources profile list

visorcli software sources list

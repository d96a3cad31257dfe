visorcli software vib signature verify

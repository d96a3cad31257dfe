visorcli software revocation get

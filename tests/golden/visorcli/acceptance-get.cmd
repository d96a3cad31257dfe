visorcli software acceptance get

visorcli software bundle refused list

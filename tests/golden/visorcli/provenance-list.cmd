visorcli software provenance list

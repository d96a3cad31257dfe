visorcli software provenance process --pid=812

visorcli software provenance get --path=/usr/bin/../bin/strace

visorcli system boot bank grow --dry-run

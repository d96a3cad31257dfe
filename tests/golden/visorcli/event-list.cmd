visorcli system event list --limit=2

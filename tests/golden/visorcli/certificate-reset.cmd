visorcli system security certificate reset

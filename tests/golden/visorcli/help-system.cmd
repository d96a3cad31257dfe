visorcli system

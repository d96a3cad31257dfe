visorcli system log empty

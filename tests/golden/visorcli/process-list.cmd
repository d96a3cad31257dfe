visorcli system process list

visorcli system hostname get

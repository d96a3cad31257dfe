visorcli system boot failure get

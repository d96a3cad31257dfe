visorcli system boot spare get

visorcli system state get

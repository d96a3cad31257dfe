visorcli system boot get

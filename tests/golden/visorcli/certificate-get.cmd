visorcli system security certificate get

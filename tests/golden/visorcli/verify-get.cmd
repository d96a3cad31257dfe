visorcli system visorfs verify get

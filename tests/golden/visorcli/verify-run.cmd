visorcli system visorfs verify run

visorcli system service start --name=shell

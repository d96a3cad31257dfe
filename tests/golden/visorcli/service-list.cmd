visorcli system service list

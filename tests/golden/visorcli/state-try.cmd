visorcli system state try -s 60

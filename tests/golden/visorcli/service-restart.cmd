visorcli system service restart -n hostd

visorcli system boot install -d /dev/sdb

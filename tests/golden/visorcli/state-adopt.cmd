visorcli system state adopt -d /dev/sdb

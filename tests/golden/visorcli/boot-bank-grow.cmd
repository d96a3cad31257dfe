visorcli system boot bank grow --size=512 --force

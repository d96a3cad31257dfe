visorcli system boot spare drop
